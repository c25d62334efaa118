/** @file What can be wrong with the arrays that an optimiser is given. */
import { UserError } from "../util/errors.ts";

/** Gradients, a state or an average that do not belong to the parameters. `parameter` is the first culprit. */
export class ParameterMismatchError extends UserError {
  readonly parameter: string;

  constructor(message: string, parameter: string) {
    super(message);
    this.parameter = parameter;
  }
}

/** A gradient that holds NaN or an infinity. `parameter` is the first that does, in the order of the record. */
export class NonFiniteGradientError extends UserError {
  readonly parameter: string;

  constructor(message: string, parameter: string) {
    super(message);
    this.parameter = parameter;
  }
}
