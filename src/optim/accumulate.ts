/** @file Accumulation: the mean gradient of a batch that is too large for the memory, from micro-batches. */
import { invariant, UsageError } from "../util/errors.ts";
import type { Parameters } from "../util/parameters.ts";
import { approach, checkArrays, copyArrays } from "./arrays.ts";

/** A running mean in buffers that are made once and used again for every step. */
export interface Accumulator {
  /**
   * Takes the mean gradient of one micro-batch; the arrays are read, not kept. A weight of 0 adds nothing.
   *
   * @param weight how many predictions it is the mean of, so that every token counts the same in the end.
   * @throws ParameterMismatchError where names or shapes are not those of the first micro-batch.
   */
  add(gradients: Parameters, weight: number): void;
  /** Sum of the weights since the last `clear`. */
  readonly weight: number;
  /**
   * Gradient of the mean over all tokens so far. These are the buffers themselves: valid until the next `add`.
   *
   * @throws UsageError while all weights are zero.
   */
  mean(): Parameters;
  /** Begins anew, with the same buffers. */
  clear(): void;
}

export function createAccumulator(): Accumulator {
  let buffers: Parameters | undefined;
  let total = 0;
  return {
    add(gradients, weight) {
      invariant(weight >= 0 && Number.isFinite(weight), "a micro-batch has a finite weight, 0 or more");
      if (buffers) checkArrays(buffers, gradients, "gradient");
      if (weight === 0) return;
      total += weight;
      buffers ??= copyArrays(gradients);
      // The first share is 1: it overwrites what the buffers held.
      for (const [name, { data }] of Object.entries(buffers))
        approach(data, gradients[name].data, weight / total);
    },
    get weight() {
      return total;
    },
    mean() {
      if (buffers && total > 0) return buffers;
      throw new UsageError(
        "found no gradients to take the mean of, expected a micro-batch with a prediction",
      );
    },
    clear() {
      total = 0;
    },
  };
}
