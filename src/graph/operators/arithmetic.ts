/** @file Arithmetic on pairs, with NumPy's broadcasting, and what undoes broadcasting. */
import type { DataType } from "../../onnx/model.ts";
import { type Numbers, offsetsOf, repeatedStrides, sizeOf } from "../numbers.ts";
import { type DefinedOperator, defineOperator } from "../operator.ts";
import { broadcast, commonType, knownShape, repeatedAxes } from "../shape.ts";
import { constant, isFloat, type Tensor } from "../tensor.ts";
import { equal, greater, where } from "./comparison.ts";
import { reshape } from "./layout.ts";
import { reduceSum } from "./reduction.ts";
import { log, neg } from "./unary.ts";

/** What flows back to both inputs, before broadcasting is undone. */
type PairGradient = (given: {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly result: Tensor;
  readonly cotangent: Tensor;
}) => readonly [Tensor, Tensor];

/** Sums a cotangent over the axes along which its input was repeated. */
export function unbroadcast(cotangent: Tensor, like: Tensor): Tensor {
  const axes = repeatedAxes(like.shape, cotangent.shape);
  if (axes.length === 0) return cotangent;
  const leading = cotangent.shape.length - like.shape.length;
  const onlyLeading = axes.length === leading;
  const summed = reduceSum(cotangent, axes, { keep: !onlyLeading });
  return onlyLeading || leading === 0 ? summed : reshape(summed, like.shape);
}

export function evaluatePair(
  operator: string,
  compute: (a: number, b: number) => number,
  [a, b]: readonly Numbers[],
  type = a.type,
): Numbers {
  const shape = knownShape(operator, broadcast(operator, a.shape, b.shape));
  const values = new Float64Array(sizeOf(shape));
  const atA = offsetsOf(shape, repeatedStrides(a.shape, shape));
  const atB = offsetsOf(shape, repeatedStrides(b.shape, shape));
  for (let i = 0; i < values.length; i++) values[i] = compute(a.values[atA[i]], b.values[atB[i]]);
  return { type, shape, values };
}

function defineArithmetic(
  name: string,
  compute: (a: number, b: number) => number,
  back: PairGradient,
  /** On int32, where results wrap around. */
  computeInt32?: (a: number, b: number) => number,
): DefinedOperator<undefined> {
  const computeInteger = (a: number, b: number) => Math.trunc(compute(a, b));
  const computeFor = (type: DataType) => {
    if (isFloat(type)) return compute;
    return type === "int32" ? (computeInt32 ?? computeInteger) : computeInteger;
  };
  return defineOperator<undefined>({
    name,
    infer: ([a, b]) => [{ type: commonType(name, [a, b]), shape: broadcast(name, a.shape, b.shape) }],
    evaluate: (inputs) => [evaluatePair(name, computeFor(inputs[0].type), inputs)],
    gradient({ inputs: [a, b], outputs: [result], cotangents: [cotangent] }) {
      if (cotangent === undefined) return [undefined, undefined];
      const [toA, toB] = back({ a, b, result, cotangent });
      return [unbroadcast(toA, a), unbroadcast(toB, b)];
    },
    decode: () => undefined,
  });
}

export const arithmetic = {
  Add: defineArithmetic(
    "Add",
    (a, b) => a + b,
    ({ cotangent }) => [cotangent, cotangent],
    (a, b) => (a + b) | 0,
  ),
  Sub: defineArithmetic(
    "Sub",
    (a, b) => a - b,
    ({ cotangent }) => [cotangent, neg(cotangent)],
    (a, b) => (a - b) | 0,
  ),
  Mul: defineArithmetic(
    "Mul",
    (a, b) => a * b,
    ({ a, b, cotangent }) => [mul(cotangent, b), mul(cotangent, a)],
    Math.imul,
  ),
  Div: defineArithmetic(
    "Div",
    (a, b) => a / b,
    ({ b, result, cotangent }) => {
      const share = div(cotangent, b);
      return [share, neg(mul(share, result))];
    },
  ),
  Pow: defineArithmetic(
    "Pow",
    (a, b) => a ** b,
    ({ a, b, result, cotangent }) => [
      mul(cotangent, mul(b, pow(a, sub(b, constant(1, { type: b.type }))))),
      mul(cotangent, mul(result, log(a))),
    ],
  ),
  /** The larger takes all that flows back; equals share it. */
  Max: defineArithmetic("Max", Math.max, ({ a, b, cotangent }) => toChosen(greater(a, b), a, b, cotangent)),
  Min: defineArithmetic("Min", Math.min, ({ a, b, cotangent }) => toChosen(greater(b, a), a, b, cotangent)),
};

function toChosen(first: Tensor, a: Tensor, b: Tensor, cotangent: Tensor): readonly [Tensor, Tensor] {
  const zero = constant(0, { type: cotangent.type });
  const half = mul(cotangent, constant(0.5, { type: cotangent.type }));
  const tied = equal(a, b);
  return [where(tied, half, where(first, cotangent, zero)), where(tied, half, where(first, zero, cotangent))];
}

/** A tensor, or a number that takes the other's element type. */
export type Operand = Tensor | number;

function pair(operator: DefinedOperator<undefined>, a: Tensor, b: Operand): Tensor {
  const right = typeof b === "number" ? constant(b, { type: a.type }) : b;
  return operator.apply([a, right], undefined)[0];
}

export const add = (a: Tensor, b: Operand): Tensor => pair(arithmetic.Add, a, b);
export const sub = (a: Tensor, b: Operand): Tensor => pair(arithmetic.Sub, a, b);
export const mul = (a: Tensor, b: Operand): Tensor => pair(arithmetic.Mul, a, b);
export const div = (a: Tensor, b: Operand): Tensor => pair(arithmetic.Div, a, b);
export const pow = (a: Tensor, b: Operand): Tensor => pair(arithmetic.Pow, a, b);
export const max = (a: Tensor, b: Operand): Tensor => pair(arithmetic.Max, a, b);
export const min = (a: Tensor, b: Operand): Tensor => pair(arithmetic.Min, a, b);
