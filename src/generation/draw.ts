/** @file One token from logits, by inverting their cumulative distribution: a single uniform number for each event. */
import { invariant } from "../util/errors.ts";

/** log Σ exp, whose largest term is taken out so that nothing overflows. */
export function logSumExp(logits: Float32Array): number {
  const most = logits[likeliest(logits)];
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i] - most);
  return most + Math.log(sum);
}

/** The first of the tokens with the largest logit. */
export function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
  return best;
}

/**
 * Draws from softmax(logits); a token whose logit is -Infinity never comes.
 *
 * @param uniform in [0, 1)
 * @param greedyRatio probability with which the likeliest token is taken instead. The same uniform number decides on that:
 *   below the ratio it is taken, and what lies above is spread over [0, 1) again.
 */
export function draw(logits: Float32Array, uniform: number, greedyRatio = 0): number {
  if (uniform < greedyRatio) return likeliest(logits);
  const spread = greedyRatio === 0 ? uniform : (uniform - greedyRatio) / (1 - greedyRatio);
  const most = logits[likeliest(logits)];
  invariant(Number.isFinite(most), "some token is left to be drawn, and its logit is a number");
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i] - most);
  let rest = spread * sum;
  let drawn = -1;
  for (let i = 0; i < logits.length; i++) {
    const weight = Math.exp(logits[i] - most);
    if (weight === 0) continue;
    drawn = i;
    if (rest < weight) break;
    rest -= weight;
  }
  return drawn;
}
