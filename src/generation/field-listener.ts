/**
 * @file A model that hears and foretells whole steps, told token by token: of each prediction first its first field is drawn,
 * then the next, and what was drawn of all of them is the step that the model hears. What is fed back is what training fed.
 */
import { invariant } from "../util/errors.ts";
import type { Listener } from "./listener.ts";

/** Hears a step, its fields without the sizes of those before, and answers logits of all fields side by side. */
export interface StepHearer {
  hear(step: readonly number[], controls: Float32Array | undefined): Promise<Float32Array>;
  copy(): StepHearer;
}

/** Tokens are single ones, the value in a field plus the sizes of the fields before it, and so are logits laid out. */
export function fieldByField(fieldSizes: readonly number[], hearer: StepHearer): Listener {
  const vocabularySize = fieldSizes.reduce((sum, size) => sum + size, 0);
  const offsetOf = (field: number) => fieldSizes.slice(0, field).reduce((sum, size) => sum + size, 0);

  /** @param said the last prediction @param begun what was drawn of the step to come */
  function over(heard: StepHearer, said: Float32Array, begun: readonly number[]): Listener {
    let foretold = said;
    let step = begun;
    return {
      async hear(token, controls) {
        const value = token - offsetOf(step.length);
        invariant(value >= 0 && value < fieldSizes[step.length], "tokens come field by field");
        step = [...step, value];
        if (step.length === fieldSizes.length) {
          foretold = await heard.hear(step, controls);
          step = [];
        }
        const first = offsetOf(step.length);
        const logits = new Float32Array(vocabularySize).fill(Number.NEGATIVE_INFINITY);
        logits.set(foretold.subarray(first, first + fieldSizes[step.length]), first);
        return logits;
      },
      copy: () => over(heard.copy(), foretold, step),
    };
  }
  // Before a step was heard, any token is as likely as another.
  return over(hearer, new Float32Array(vocabularySize), []);
}
