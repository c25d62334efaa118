/** @file What can be wrong with the records of a run. */
import { UserError } from "../util/errors.ts";

/** Records of a run that cannot be read. */
export class TrackingError extends UserError {
  readonly path: string;

  constructor(message: string, path: string) {
    super(message);
    this.path = path;
  }
}
