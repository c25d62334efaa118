/** @file What listeners prefer: a share of their answers, with an interval that knows that answers of one listener are alike. */
import { invariant } from "../util/errors.ts";
import type { Random } from "../util/random.ts";
import { meanOf } from "../util/statistics.ts";
import { type Estimate, estimateOf } from "./anchored-score.ts";

export interface PreferenceOptions {
  /** How often listeners are drawn again, with repeats, for the interval. */
  readonly resamples: number;
  /** Between 0 and 1, such as 0.95. */
  readonly confidence: number;
  readonly random: Random;
}

/**
 * The share of answers in favour of one of two, over all answers alike.
 *
 * The interval draws listeners again and then, of each, as many answers as were given (a bootstrap in two stages: Davison and
 * Hinkley 1997, 3.8). Of a single listener only answers are drawn: it says nothing about other listeners.
 *
 * @param answers of each listener, at least one in all: 1 in favour, 0 against, 0.5 for no difference
 */
export function preferenceOf(
  answers: readonly (readonly number[])[],
  { resamples, confidence, random }: PreferenceOptions,
): Estimate {
  const listeners = answers.filter(({ length }) => length > 0);
  invariant(listeners.length > 0, "a preference has answers");
  const drawn = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < listeners.length; i++) {
      const own = listeners[random.integer(listeners.length)];
      for (let j = 0; j < own.length; j++) sum += own[random.integer(own.length)];
      count += own.length;
    }
    return sum / count;
  });
  return estimateOf(meanOf(listeners.flat()), drawn, confidence);
}
