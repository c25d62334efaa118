/**
 * @file Dropout (Srivastava et al. 2014) that is the same on every runtime: whether an element is dropped follows from a
 * seed, the layer and the element's place, by arithmetic on int32 that wraps around everywhere alike.
 *
 * Each row has a factor and an addend from a thorough mixing of seed, layer and place; each column a fixed odd number.
 * Their sum and product (multiply-add hashing, Dietzfelbinger et al. 1997) is independent from row to row, pairwise
 * independent within a row, and takes two passes over the elements where mixing each by itself would take ten.
 */
import { add, div, greaterOrEqual, mul, where } from "../graph/operators/index.ts";
import { knownShape } from "../graph/shape.ts";
import { constant, type Tensor } from "../graph/tensor.ts";

export interface DropoutOptions {
  /** Share of elements that are dropped, 0 to below 1. */
  readonly rate: number;
  /** int32 scalar: another one for every training step. */
  readonly seed: Tensor;
  /** A number of its own for every place in the network. */
  readonly place: number;
}

/** `[…, columns]`; what is kept grows by 1 / (1 − rate). */
export function dropout(x: Tensor, { rate, seed, place }: DropoutOptions): Tensor {
  if (rate === 0) return x;
  const shape = knownShape("dropout", x.shape);
  const columns = shape[shape.length - 1];
  const rowShape = [...shape.slice(0, -1), 1];
  const rows = rowShape.reduce((product, size) => product * size, 1);
  const numbers = (values: Int32Array) => constant(values, { type: "int32", shape: rowShape });
  const golden = numbers(Int32Array.from({ length: rows }, (_, row) => Math.imul(row, 0x9e3779b1)));

  const first = mix(add(mix(add(mul(seed, -0x7a143595), 0x165667b1)), Math.imul(place + 1, -0x3d4d51cb)));
  const second = mix(add(first, 0x27d4eb2f));
  const factor = mix(add(mix(add(golden, first)), second));
  const addend = mix(add(mix(add(golden, second)), first));
  const odd = constant(oddNumbers(columns), { type: "int32" });
  const threshold = Math.min(Math.round(rate * 2 ** 32 - 2 ** 31), 2 ** 31 - 1);
  const kept = greaterOrEqual(add(mul(factor, odd), addend), threshold);
  return mul(x, where(kept, constant(1 / (1 - rate)), constant(0)));
}

/** Brings high bits down by division, which every runtime has for int32, and low ones up by odd factors. */
function mix(x: Tensor): Tensor {
  const rounds: readonly (readonly [divisor: number, factor: number])[] = [
    [65_536, 0x7feb352d],
    [32_768, -0x7b935975],
    [65_536, -0x61c8864f],
  ];
  return rounds.reduce((mixed, [divisor, factor]) => mul(add(mixed, div(mixed, divisor)), factor), x);
}

/** Fixed for every column; a linear congruential generator (Numerical Recipes), its high bits brought down. */
function oddNumbers(count: number): Int32Array {
  let state = 12_345;
  return Int32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    const mixed = Math.imul(state ^ (state >>> 16), 0x7feb352d);
    return (mixed ^ (mixed >>> 15)) | 1;
  });
}
