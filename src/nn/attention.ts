/**
 * @file Scaled dot-product attention (Vaswani et al. 2017), causal or bidirectional.
 *
 * Causal attention is cut into blocks of queries, each of which looks only at the keys before its end: nearly half of
 * the products, and of the memory for their results, would be masked away otherwise.
 */
import { customGradient } from "../graph/custom-gradient.ts";
import {
  add,
  cast,
  concat,
  cumulativeSum,
  less,
  matmul,
  mul,
  reduceSum,
  reshape,
  slice,
  softmax,
  split,
  sub,
  where,
} from "../graph/operators/index.ts";
import { constant, type Tensor } from "../graph/tensor.ts";
import { invariant } from "../util/errors.ts";
import { distanceScores } from "./relative.ts";

export interface AttentionOptions {
  /** Whether a query sees only the keys up to its own place. */
  readonly causal: boolean;
  /**
   * Added to the scores `[B, heads, T, S]`, to which it is repeated: −∞ (or a large negative number) hides a key. No
   * gradient flows to it.
   */
  readonly mask?: Tensor | undefined;
  /** Vectors of relative positions, as `distanceScores` takes them; of causal attention only. */
  readonly distances?: Tensor | undefined;
}

/**
 * Steps that are remembered: keys and values `[B, heads, P, size]`. `mask`, which repeats to `[B, heads, T, P]`, is added to
 * their scores: it hides some.
 */
export interface Past {
  readonly keys: Tensor;
  readonly values: Tensor;
  readonly mask: Tensor;
}

/** Stands for −∞ without making a NaN of a row that is hidden altogether. */
export const hidden = -1e9;

/** Blocks shorter than this cost more in calls than they save. */
const shortestBlock = 128;
const mostBlocks = 4;

/** Queries `[B, heads, T, size]`, keys and values `[B, heads, S, size]` → `[B, heads, T, size]`. */
export function attend(
  queries: Tensor,
  keys: Tensor,
  values: Tensor,
  { causal, mask, distances }: AttentionOptions,
): Tensor {
  const [, , steps] = queries.shape;
  invariant(causal || distances === undefined, "distances are those of earlier steps");
  if (!causal) return attendBlock(queries, keys, values, mask);
  const length = Number(steps);
  const blocks = blockLengths(length);
  let end = 0;
  const queryBlocks = split(queries, blocks, 2);
  const keyBlocks = split(keys, blocks, 2);
  const valueBlocks = split(values, blocks, 2);
  const results = blocks.map((size, i) => {
    end += size;
    const triangle = causalMask(size, end);
    const own = mask && maskOfBlock(mask, end - size, end);
    return attendBlock(
      queryBlocks[i],
      concat(keyBlocks.slice(0, i + 1), 2),
      concat(valueBlocks.slice(0, i + 1), 2),
      own ? add(triangle, own) : triangle,
      distances && distanceScores(queryBlocks[i], distances, end),
    );
  });
  return concat(results, 2);
}

/**
 * Attention of `[B, heads, T, size]` to keys and values of its own time, which end with its last step, and to a past before
 * them; causal unless a mask of the former is given. Scores are put together rather than keys and values, so that nothing
 * as long as the past is copied.
 *
 * @param distances of the keys of its own time; those of the past are in its mask
 */
export function attendAfter(
  past: Past,
  queries: Tensor,
  keys: Tensor,
  values: Tensor,
  mask = ownMask(Number(queries.shape[2])),
  distances?: Tensor,
): Tensor {
  const [, , , size] = queries.shape.map(Number);
  const present = Number(keys.shape[2]);
  const product = { transposeB: true, alpha: 1 / Math.sqrt(size) };
  const products = matmul(queries, keys, product);
  const own = distances ? add(products, distanceScores(queries, distances, present)) : products;
  const scores = [add(matmul(queries, past.keys, product), past.mask), mask ? add(own, mask) : own];
  const shares = softmax(concat(scores, -1), -1);
  return add(
    matmul(slice(shares, -1, 0, -present), past.values),
    matmul(slice(shares, -1, -present), values),
  );
}

/** A single step hides nothing from itself. */
const ownMask = (steps: number) => (steps === 1 ? undefined : causalMask(steps, steps));

/** The mask of a past of which the first `counts` (int32 `[B, 1]`) steps are filled. */
export function pastMask(keys: Tensor, counts: Tensor): Tensor {
  const [batch, , past] = keys.shape;
  const mask = where(less(placesOf(keys), cast(counts, "float32")), constant(0), constant(hidden)); // [B, P]
  return reshape(mask, [batch, 1, 1, past]);
}

/** 0, 1, 2, … for each of the remembered steps of `keys` `[B, heads, P, size]`, whose number is known when it runs: `[B, P]`. */
export function placesOf(keys: Tensor): Tensor {
  const [batch, , past] = keys.shape;
  const one = slice(slice(keys, 1, 0, 1), 3, 0, 1);
  const ones = add(mul(reshape(one, [batch, past]), 0), 1);
  return cumulativeSum(ones, 1, { exclusive: true });
}

function blockLengths(length: number): readonly number[] {
  const count = Math.max(1, Math.min(mostBlocks, Math.floor(length / shortestBlock)));
  return Array.from(
    { length: count },
    (_, i) => Math.floor(((i + 1) * length) / count) - Math.floor((i * length) / count),
  );
}

/** What queries from `start` to `end` and the keys before `end` see of a mask; axes that are repeated have no parts. */
function maskOfBlock(mask: Tensor, start: number, end: number): Tensor {
  const cut = (whole: Tensor, axis: number, from: number) =>
    (whole.shape.at(axis) ?? 1) === 1 ? whole : slice(whole, axis, from, end);
  return cut(cut(mask, -2, start), -1, 0);
}

/** `[size, end]`: the last `size` of `end` places, each of which sees those up to itself. */
export function causalMask(size: number, end: number): Tensor {
  const values = new Float32Array(size * end);
  for (let row = 0; row < size; row++) values.fill(hidden, row * end + end - size + row + 1, (row + 1) * end);
  return constant(values, { shape: [size, end] });
}

/**
 * Attention in one piece; no gradient flows to the mask.
 *
 * @param more scores of another kind, `[B, heads, T, S]`; to them one does
 */
export function attendBlock(
  queries: Tensor,
  keys: Tensor,
  values: Tensor,
  mask: Tensor | undefined,
  more?: Tensor,
): Tensor {
  const alpha = 1 / Math.sqrt(Number(queries.shape[3]));
  const products = matmul(queries, keys, { transposeB: true, alpha });
  const scores = more ? add(products, more) : products;
  const shares = softmax(mask === undefined ? scores : add(scores, mask), -1);
  const result = matmul(shares, values);
  const inputs = [queries, keys, values, ...(more ? [more] : [])];
  const [renamed] = customGradient(inputs, [result], ([cotangent]) => {
    if (cotangent === undefined) return inputs.map(() => undefined);
    const toShares = matmul(cotangent, values, { transposeB: true });
    // What softmax takes away in each row is known from the result: a product of one row instead of one of all scores.
    const common = reduceSum(mul(cotangent, result), -1, { keep: true });
    const toScores = mul(shares, sub(toShares, common));
    return [
      matmul(toScores, keys, { alpha }),
      matmul(toScores, queries, { transposeA: true, alpha }),
      matmul(shares, cotangent, { transposeA: true }),
      ...(more ? [toScores] : []),
    ];
  });
  return renamed;
}
