/**
 * @file Losses, element by element, and how several heads come together in one number: categorical heads and continuous
 * ones in one step.
 */
import { customGradient } from "../graph/custom-gradient.ts";
import {
  add,
  div,
  exp,
  gatherElements,
  logSoftmax,
  max,
  mul,
  neg,
  reduceSum,
  reshape,
  scatterElements,
  sub,
} from "../graph/operators/index.ts";
import type { Tensor } from "../graph/tensor.ts";
import { invariant } from "../util/errors.ts";

/** −log p of the target, in nats. Logits `[N, classes]`, targets int32 `[N]` → `[N]`. */
export function crossEntropy(logits: Tensor, targets: Tensor): Tensor {
  const [count] = logits.shape;
  const places = reshape(targets, [count, 1]);
  const logProbabilities = logSoftmax(logits, -1);
  const loss = reshape(neg(gatherElements(logProbabilities, places, 1)), [count]);
  const [renamed] = customGradient([logits], [loss], ([cotangent]) => {
    if (cotangent === undefined) return [undefined];
    const share = reshape(cotangent, [count, 1]);
    return [scatterElements(mul(exp(logProbabilities), share), places, neg(share), 1)];
  });
  return renamed;
}

/** Half the squared difference, summed over the last axis: `[N, fields]` twice → `[N]`. */
export function squaredError(values: Tensor, targets: Tensor): Tensor {
  const difference = sub(values, targets);
  return mul(reduceSum(mul(difference, difference), -1), 0.5);
}

/** −log of a normal density, without its constant ½ log 2π, summed over fields. Each `[N, fields]` → `[N]`. */
export function gaussian(means: Tensor, logDeviations: Tensor, targets: Tensor): Tensor {
  const distance = mul(sub(targets, means), exp(neg(logDeviations)));
  return reduceSum(add(mul(mul(distance, distance), 0.5), logDeviations), -1);
}

/** The mean of `[N]` values by weights `[N]`; 0 where all weights are 0. */
export function weightedMean(values: Tensor, weights: Tensor): Tensor {
  // Values where nothing counts must not come through as NaN: weights are whole numbers, or none at all.
  return div(reduceSum(mul(values, weights)), max(reduceSum(weights), 1e-9));
}

export interface Head {
  /** One scalar. */
  readonly loss: Tensor;
  /** How much this head counts; 1 unless given. */
  readonly weight?: number;
}

/** The weighted sum of all heads' losses. */
export function totalLoss(heads: Readonly<Record<string, Head>>): Tensor {
  const parts = Object.values(heads).map(({ loss, weight = 1 }) => (weight === 1 ? loss : mul(loss, weight)));
  invariant(parts.length > 0, "a total loss has heads");
  return parts.reduce((sum, part) => add(sum, part));
}
