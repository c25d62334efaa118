/**
 * @file Gated retention: attention without softmax, which can be written as a memory of one size (Katharopoulos et al. 2020)
 * that fades, by a factor that each step chooses (Sun et al. 2023, "Retentive Network"; Sun et al. 2024, "You Only Cache
 * Once"):
 *
 *     memory = decay · memory + key ⊗ value,    result = query · memory
 *
 * Computed in chunks (Hua et al. 2022; Yang et al. 2024): within one as products of queries and keys, from one to the next
 * through the memory. So its cost grows with the length of a window, not with its square, and products are as large as
 * processors like them.
 *
 * Decays between two steps are exp of a difference of sums, which is never above 0: nothing is divided, and nothing can
 * overflow, however strongly a step forgets.
 */
import {
  add,
  concat,
  cumulativeSum,
  exp,
  matmul,
  mul,
  pad,
  reshape,
  scan,
  slice,
  sub,
  transpose,
} from "../graph/operators/index.ts";
import { constant, type Tensor } from "../graph/tensor.ts";
import { causalMask } from "./attention.ts";
import { rotaryTables, rotate } from "./rotary.ts";

export interface RetentionInput {
  /** `[B, heads, T, size]` each */
  readonly queries: Tensor;
  readonly keys: Tensor;
  readonly values: Tensor;
  /** Logarithms of the factors by which the memory fades before each step, none above 0: `[B, heads, T]`. */
  readonly logDecays: Tensor;
}

export interface Retained {
  /** `[B, heads, T, size]` */
  readonly results: Tensor;
  /**
   * After the last step, `[B, heads, size, size]`. Its keys are turned by the angle of the time that has passed since, so
   * that nobody has to know how long the music is.
   */
  readonly memory: Tensor;
}

/** Longer chunks compute more scores that are masked away, shorter ones hand on the memory more often. */
const longestChunk = 64;

/** @param memory what went before; nothing unless given */
export function retain({ queries, keys, values, logDecays }: RetentionInput, memory?: Tensor): Retained {
  const [batch] = queries.shape;
  const [, heads, steps, size] = queries.shape.map(Number);
  const count = Math.ceil(steps / longestChunk);
  const length = Math.ceil(steps / count);
  const rest = count * length - steps;
  // Chunks stand beside heads, so that all of them are computed at once. What fills up the last one adds and fades nothing.
  const groups = heads * count;
  const cut = (x: Tensor) => reshape(pad(x, 2, 0, rest), [batch, groups, length, size]);
  const turned = (x: Tensor) => rotate(cut(x), constant([1], { type: "int64" }), tables);
  const tables = rotaryTables(length + 1, size);
  const [query, key, value] = [turned(queries), turned(keys), cut(values)];
  const faded = cumulativeSum(reshape(pad(logDecays, 2, 0, rest), [batch, groups, length]), 2);
  const at = reshape(faded, [batch, groups, length, 1]);
  const end = slice(at, 2, -1); // [B, groups, 1, 1]
  const alpha = 1 / Math.sqrt(size);

  const decays = exp(add(sub(at, reshape(faded, [batch, groups, 1, length])), causalMask(length, length)));
  const scores = mul(matmul(query, key, { transposeB: true, alpha }), decays); // [B, groups, length, length]
  const within = matmul(scores, value);
  const added = matmul(mul(key, exp(sub(end, at))), value, { transposeA: true }); // [B, groups, size, size]
  const { before, after } = handOn({ added, kept: exp(end), count, length, rest }, memory);
  const all = before ? add(within, matmul(mul(query, exp(at)), before, { alpha })) : within;
  const results = reshape(all, [batch, heads, count * length, size]);
  return { results: rest === 0 ? results : slice(results, 2, 0, steps), memory: after };
}

interface Chunks {
  /** What each chunk adds to the memory, `[B, heads · count, size, size]`. */
  readonly added: Tensor;
  /** What each chunk leaves of it, `[B, heads · count, 1, 1]`. */
  readonly kept: Tensor;
  readonly count: number;
  readonly length: number;
  /** Steps of the last chunk that are not there. */
  readonly rest: number;
}

/** The memory before each chunk, as `added`, and after the last. */
function handOn({ added, kept, count, length, rest }: Chunks, memory: Tensor | undefined) {
  const [batch, groups, size] = added.shape;
  if (count === 1) {
    const after = memory ? add(mul(memory, kept), added) : added;
    return { before: memory, after: turnBack(after, length) };
  }
  const heads = Number(groups) / count;
  /** One chunk after the other, `[count, B, heads, …]`. */
  const inTurn = (x: Tensor) =>
    transpose(reshape(x, [batch, heads, count, ...x.shape.slice(2)]), [2, 0, 1, 3, 4]);
  const sequences = [inTurn(added), inTurn(kept)];
  const nothing = reshape(mul(slice(sequences[0], 0, 0, 1), 0), [batch, heads, size, size]);
  const { states, outputs } = scan({
    states: [memory ?? nothing],
    sequences,
    step: ([before], [more, share]) => ({
      states: [turnBack(add(mul(before, share), more), length)],
      outputs: [before],
    }),
  });
  const before = reshape(transpose(outputs[0], [1, 2, 0, 3, 4]), [batch, groups, size, size]);
  return { before, after: turnBack(states[0], -rest) };
}

/** A memory `[B, heads, size, size]` so many steps later: all of its keys stand that much further back. */
function turnBack(memory: Tensor, steps: number): Tensor {
  if (steps === 0) return memory;
  const half = Number(memory.shape[2]) / 2;
  const angles = Array.from({ length: half }, (_, i) => steps / 10_000 ** (i / half));
  const [cosines, sines] = [Math.cos, Math.sin].map((of) => constant(angles.map(of), { shape: [half, 1] }));
  const [first, second] = [slice(memory, 2, 0, half), slice(memory, 2, half)];
  return concat(
    [add(mul(first, cosines), mul(second, sines)), sub(mul(second, cosines), mul(first, sines))],
    2,
  );
}
