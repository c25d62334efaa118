/** @file Reductions: sums, means and largest values over axes, and running sums. */
import type { DataType, Dimension } from "../../onnx/model.ts";
import { flag, int } from "../encoding.ts";
import { type Numbers, offsetsOf, repeatedStrides, sizeOf, stridesOf } from "../numbers.ts";
import { type Call, type DefinedOperator, defineOperator } from "../operator.ts";
import { floatType, frontAxis, knownShape, ShapeError } from "../shape.ts";
import type { Tensor, TensorType } from "../tensor.ts";
import { div, mul } from "./arithmetic.ts";
import { equal } from "./comparison.ts";
import { expand, reshape } from "./layout.ts";
import { cast } from "./unary.ts";

export interface Reduction {
  readonly axes: readonly number[];
  /** Whether reduced axes stay, with size 1. */
  readonly keep: boolean;
}

const keptShape = (shape: readonly Dimension[], axes: readonly number[]): readonly Dimension[] =>
  shape.map((size, axis) => (axes.includes(axis) ? 1 : size));

const reducedShape = (shape: readonly Dimension[], { axes, keep }: Reduction): readonly Dimension[] =>
  keep ? keptShape(shape, axes) : shape.filter((_, axis) => !axes.includes(axis));

/** Folds the elements that come together in one. */
function reduce(
  x: Numbers,
  reduction: Reduction,
  start: number,
  fold: (before: number, next: number) => number,
): Numbers {
  const kept = knownShape("reduction", keptShape(x.shape, reduction.axes));
  const values = new Float64Array(sizeOf(kept)).fill(start);
  const places = offsetsOf(x.shape, repeatedStrides(kept, x.shape));
  for (let i = 0; i < places.length; i++) values[places[i]] = fold(values[places[i]], x.values[i]);
  return { type: x.type, shape: knownShape("reduction", reducedShape(x.shape, reduction)), values };
}

/** A reduced tensor (or what flows into it) with the reduced axes put back. */
function restored(reduced: Tensor, x: Tensor, { axes }: Reduction): Tensor {
  return reshape(reduced, keptShape(x.shape, axes));
}

function defineReduction(
  name: string,
  evaluate: (x: Numbers, reduction: Reduction) => Numbers,
  back: (cotangent: Tensor, call: Call<Reduction>) => Tensor,
  rest: {
    readonly sumOverSteps?: boolean;
    /** The result's element type; the input's, unless given. */
    readonly typeOf?: (operator: string, x: TensorType) => DataType;
  } = {},
): DefinedOperator<Reduction> {
  const typeOf = rest.typeOf ?? ((_, { type }) => type);
  return defineOperator<Reduction>({
    name,
    arity: 1,
    infer: ([x], reduction) => [{ type: typeOf(name, x), shape: reducedShape(x.shape, reduction) }],
    evaluate: ([x], reduction) => [evaluate(x, reduction)],
    gradient: (call) => [call.cotangents[0] && back(call.cotangents[0], call)],
    ...(rest.sumOverSteps
      ? {
          sumOverSteps: ([x], { axes, keep }) => {
            const summed = reduceSum(x.stacked(), [0, ...axes.map((axis) => axis + 1)], { keep });
            return keep ? reshape(summed, summed.shape.slice(1)) : summed;
          },
        }
      : {}),
    encode: ({ axes, keep }) => ({ attributes: { keepdims: flag(keep) }, lists: [axes] }),
    decode: (reader, [x]) => ({
      keep: reader.flag("keepdims", true),
      axes: reader.list(0).map((axis) => frontAxis(name, axis, x.shape)),
    }),
  });
}

const countOf = (x: Numbers, { axes }: Reduction) => axes.reduce((count, axis) => count * x.shape[axis], 1);

export const reductions = {
  ReduceSum: defineReduction(
    "ReduceSum",
    (x, reduction) => reduce(x, reduction, 0, (sum, value) => sum + value),
    (cotangent, { inputs: [x], attributes }) => expand(restored(cotangent, x, attributes), x.shape),
    { sumOverSteps: true },
  ),
  ReduceMean: defineReduction(
    "ReduceMean",
    (x, reduction) => reduce(x, reduction, 0, (sum, value) => sum + value / countOf(x, reduction)),
    (cotangent, { inputs: [x], attributes }) => {
      const sizes = knownShape(
        "ReduceMean",
        attributes.axes.map((axis) => x.shape[axis]),
      );
      return expand(div(restored(cotangent, x, attributes), sizeOf(sizes)), x.shape);
    },
    { typeOf: floatType },
  ),
  /** Equals share what flows back. */
  ReduceMax: defineReduction(
    "ReduceMax",
    (x, reduction) => reduce(x, reduction, -Infinity, Math.max),
    (cotangent, { inputs: [x], outputs: [result], attributes }) => {
      const chosen = cast(equal(x, restored(result, x, attributes)), x.type);
      const count = reduceSum(chosen, attributes.axes, { keep: true });
      return mul(div(restored(cotangent, x, attributes), count), chosen);
    },
  ),
  /** The place of the largest value along an axis, the first of equals. */
  ArgMax: defineOperator<{ readonly axis: number; readonly keep: boolean }>({
    name: "ArgMax",
    infer: ([x], { axis, keep }) => [
      { type: "int64", shape: reducedShape(x.shape, { axes: [frontAxis("ArgMax", axis, x.shape)], keep }) },
    ],
    evaluate([x], { axis, keep }) {
      const reduction = { axes: [frontAxis("ArgMax", axis, x.shape)], keep };
      const best = reduce(x, reduction, -Infinity, Math.max);
      const kept = knownShape("ArgMax", keptShape(x.shape, reduction.axes));
      const places = offsetsOf(x.shape, repeatedStrides(kept, x.shape));
      const seen = new Float64Array(sizeOf(kept));
      const values = new Float64Array(sizeOf(kept)).fill(-1);
      for (let i = 0; i < places.length; i++) {
        const place = places[i];
        if (values[place] === -1 && x.values[i] === best.values[place]) values[place] = seen[place];
        seen[place]++;
      }
      return [{ type: "int64", shape: best.shape, values }];
    },
    encode: ({ axis, keep }) => ({ attributes: { axis: int(axis), keepdims: flag(keep) } }),
    decode: (reader) => ({ axis: reader.int("axis", 0), keep: reader.flag("keepdims", true) }),
  }),
  /** Running sums along an axis; `exclusive` leaves out the element itself, `reverse` runs from the end. */
  CumSum: defineOperator<{ readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean }>({
    name: "CumSum",
    arity: 1,
    infer: ([{ type, shape }]) => [{ type, shape }],
    evaluate([x], { axis, exclusive, reverse }) {
      const stride = stridesOf(x.shape)[axis];
      const size = x.shape[axis];
      const values = Float64Array.from(x.values);
      const lines = offsetsOf(x.shape.with(axis, 1), stridesOf(x.shape));
      for (const line of lines) {
        let sum = 0;
        for (let i = 0; i < size; i++) {
          const at = line + (reverse ? size - 1 - i : i) * stride;
          const value = x.values[at];
          values[at] = exclusive ? sum : sum + value;
          sum += value;
        }
      }
      return [{ type: x.type, shape: x.shape, values }];
    },
    gradient: ({ cotangents: [cotangent], attributes: { axis, exclusive, reverse } }) => [
      cotangent && cumulativeSum(cotangent, axis, { exclusive, reverse: !reverse }),
    ],
    encode: ({ axis, exclusive, reverse }) => ({
      attributes: { exclusive: flag(exclusive), reverse: flag(reverse) },
      lists: [[axis]],
    }),
    decode: (reader, [x]) => ({
      axis: frontAxis("CumSum", reader.single(0), x.shape),
      exclusive: reader.flag("exclusive", false),
      reverse: reader.flag("reverse", false),
    }),
  }),
};

type Axes = number | readonly number[];

function apply(
  operator: DefinedOperator<Reduction>,
  x: Tensor,
  axes: Axes | undefined,
  options: { readonly keep?: boolean } = {},
): Tensor {
  const list = axes === undefined ? x.shape.map((_, axis) => axis) : typeof axes === "number" ? [axes] : axes;
  const front = list.map((axis) => frontAxis(operator.name, axis, x.shape));
  if (new Set(front).size < front.length)
    throw new ShapeError(operator.name, `each axis once instead of ${list.join(", ")}`, [x.shape]);
  // Nothing to reduce: an empty list would mean "all" to ONNX.
  if (front.length === 0) return x;
  return operator.apply([x], { axes: front, keep: options.keep ?? false })[0];
}

/** Sums over axes, over all of them unless said. */
export const reduceSum = (x: Tensor, axes?: Axes, options?: { readonly keep?: boolean }): Tensor =>
  apply(reductions.ReduceSum, x, axes, options);

export const reduceMean = (x: Tensor, axes?: Axes, options?: { readonly keep?: boolean }): Tensor =>
  apply(reductions.ReduceMean, x, axes, options);

export const reduceMax = (x: Tensor, axes?: Axes, options?: { readonly keep?: boolean }): Tensor =>
  apply(reductions.ReduceMax, x, axes, options);

/** int64 places of the largest values along an axis. */
export const argMax = (x: Tensor, axis: number, options: { readonly keep?: boolean } = {}): Tensor =>
  reductions.ArgMax.apply([x], { axis: frontAxis("ArgMax", axis, x.shape), keep: options.keep ?? false })[0];

export const cumulativeSum = (
  x: Tensor,
  axis: number,
  options: { readonly exclusive?: boolean; readonly reverse?: boolean } = {},
): Tensor =>
  reductions.CumSum.apply([x], {
    axis: frontAxis("CumSum", axis, x.shape),
    exclusive: options.exclusive ?? false,
    reverse: options.reverse ?? false,
  })[0];
