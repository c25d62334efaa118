/** @file Heads: the columns of a matrix of steps, side by side in groups that look at the past each for itself. */
import { reshape, transpose } from "../graph/operators/index.ts";
import type { Dimension, Tensor } from "../graph/tensor.ts";

/** How many sequences and steps the rows of a matrix `[B · T, features]` are, sequence by sequence. */
export interface Rows {
  readonly batch: Dimension;
  readonly steps: number;
}

/** `[B · T, heads · size]` → `[B, heads, T, size]` */
export function splitHeads(x: Tensor, { batch, steps }: Rows, heads: number): Tensor {
  const size = Number(x.shape[1]) / heads;
  // One step lies in memory as its heads do; several have to change places with them.
  if (steps === 1) return reshape(x, [batch, heads, 1, size]);
  return transpose(reshape(x, [batch, steps, heads, size]), [0, 2, 1, 3]);
}

/** `[B, heads, T, size]` → `[B · T, heads · size]`, the shape of `like`. */
export function joinHeads(x: Tensor, like: Tensor): Tensor {
  return reshape(x.shape[2] === 1 ? x : transpose(x, [0, 2, 1, 3]), like.shape);
}
