/**
 * @file Relative positions (Shaw et al. 2018): beside what a query says to a key, it says something to the distance at which
 * the key stands, for which there is a vector of its own.
 *
 * By skewing (Huang et al. 2018, "Music Transformer") all queries are multiplied with all distances once, and the products
 * moved to where they belong: row i by one place less than the row above it. No table of a vector for each pair of steps
 * is ever made, so that memory grows as that of the other scores does.
 */
import { add, gatherElements, matmul, max, min, pad, reshape, slice, sub } from "../graph/operators/index.ts";
import { constant, type Tensor } from "../graph/tensor.ts";

/**
 * What queries say to the distances of the places that they see.
 *
 * @param queries `[B, heads, T, size]`, the last T of `width` places
 * @param distances `[heads, N, size]`: the furthest first, 0 as the last
 * @returns `[B, heads, T, width]`, to be added to scaled scores; 0 where a place is further than all distances, and nothing
 * of meaning where it is later than the query: both are to be hidden
 */
export function distanceScores(queries: Tensor, distances: Tensor, width: number): Tensor {
  const [batch, heads] = queries.shape;
  const steps = Number(queries.shape[2]);
  const known = Number(distances.shape[1]);
  const seen = Math.min(width, known);
  const scores = productsOf(queries, seen === known ? distances : slice(distances, 1, -seen)); // [B, heads, T, seen]
  // The only row, or the last one, stands where it belongs.
  if (steps === 1) return pad(scores, 3, width - seen, 0);
  // Rows that are one longer than they are read out as begin one place later each time.
  const longer = reshape(pad(scores, 3, width - seen + 1, 0), [batch, heads, steps * (width + 1)]);
  return reshape(slice(longer, 2, steps), [batch, heads, steps, width]);
}

/**
 * The same of remembered places, whose distances are known when it runs.
 *
 * @param ages int32 `[B, 1, T, P]`; where they are no distance there is, the place is to be hidden
 * @returns `[B, heads, T, P]`
 */
export function pastDistanceScores(queries: Tensor, distances: Tensor, ages: Tensor): Tensor {
  const [heads, known] = distances.shape.map(Number);
  const rows = max(min(sub(constant(known - 1, { type: "int32" }), ages), known - 1), 0);
  const everyHead = constant(new Array<number>(heads).fill(0), { type: "int32", shape: [1, heads, 1, 1] });
  return gatherElements(productsOf(queries, distances), add(rows, everyHead), 3);
}

const productsOf = (queries: Tensor, distances: Tensor) =>
  matmul(queries, distances, { transposeB: true, alpha: 1 / Math.sqrt(Number(queries.shape[3])) });
