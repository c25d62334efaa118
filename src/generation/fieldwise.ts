/**
 * @file Models that hear and foretell whole steps, several tokens at once, as listeners that hear single ones: each field is
 * drawn by itself, from its own softmax. So a step is drawn by whatever draws a stream of tokens (representations/flat.ts).
 */
import { createPerformance } from "../music/index.ts";
import type { Representation } from "../representations/index.ts";
import { invariant } from "../util/errors.ts";
import type { Listener, StepListener } from "./listener.ts";

/**
 * The step that a piece begins after where nothing was heard: middle C at once, as soft and as short as can be. It is
 * Magenta's default label of note tuples (REPRESENTATIONS 1.6). undefined where a step is one token.
 */
export function stepBefore(representation: Representation): Int32Array | undefined {
  if (representation.fields.length === 1) return undefined;
  const note = { start: 0, end: 0.01, pitch: 60, velocity: 1 };
  return representation.encode(createPerformance({ notes: [note] }));
}

/**
 * Listeners of tokens that are numbered through all fields, out of listeners of steps. What is answered after a token is
 * -Infinity for all that do not belong to the next field.
 *
 * @param create makes a listener that has heard nothing
 * @param sizes of the fields, whose logits the steps answer side by side
 * @param before heard for the first step alone: in training, too, music begins with nothing before it
 */
export function fieldwise(
  create: () => StepListener,
  sizes: readonly number[],
  before: Int32Array,
): () => Listener {
  const starts = [0];
  for (const size of sizes) starts.push(starts[starts.length - 1] + size);
  let first: Promise<Float32Array> | undefined;

  /** @param foretold of the step under way, once a whole one was heard */
  function over(listener: StepListener, begun: readonly number[], foretold?: Float32Array): Listener {
    let [tokens, logits] = [begun, foretold];
    return {
      async hear(token, controls) {
        const value = token - starts[tokens.length];
        invariant(value >= 0 && value < sizes[tokens.length], "a token belongs to the field that comes next");
        tokens = [...tokens, value];
        if (tokens.length === sizes.length) {
          logits = await listener.hear(Int32Array.from(tokens), controls);
          tokens = [];
        }
        if (logits === undefined) {
          // The same for every piece: what is told has no part in it.
          first ??= create().hear(before);
          logits = await first;
        }
        const field = tokens.length;
        const answer = new Float32Array(logits.length).fill(Number.NEGATIVE_INFINITY);
        answer.set(logits.subarray(starts[field], starts[field + 1]), starts[field]);
        return answer;
      },
      copy: () => over(listener.copy(), tokens, logits),
    };
  }
  return () => over(create(), []);
}
