/** @file Softmax and its logarithm. */
import { int } from "../encoding.ts";
import { type Numbers, offsetsOf, stridesOf } from "../numbers.ts";
import { type DefinedOperator, defineOperator } from "../operator.ts";
import { floatType, frontAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { reduceSum } from "./reduction.ts";
import { exp } from "./unary.ts";

interface AlongAxis {
  readonly axis: number;
}

/** Computes each line along an axis from its largest value and the logarithm of the sum of exponentials above it. */
function perLine(
  { type, shape, values }: Numbers,
  axis: number,
  compute: (x: number, largest: number, logSum: number) => number,
): Numbers {
  const stride = stridesOf(shape)[axis];
  const end = shape[axis] * stride;
  const result = new Float64Array(values.length);
  for (const line of offsetsOf(shape.with(axis, 1), stridesOf(shape))) {
    let largest = -Infinity;
    for (let at = 0; at < end; at += stride) largest = Math.max(largest, values[line + at]);
    let sum = 0;
    for (let at = 0; at < end; at += stride) sum += Math.exp(values[line + at] - largest);
    const logSum = Math.log(sum);
    for (let at = 0; at < end; at += stride) result[line + at] = compute(values[line + at], largest, logSum);
  }
  return { type, shape, values: result };
}

function defineSoftmax(
  name: string,
  compute: (x: number, largest: number, logSum: number) => number,
  back: (cotangent: Tensor, result: Tensor, axis: number) => Tensor,
): DefinedOperator<AlongAxis> {
  return defineOperator<AlongAxis>({
    name,
    infer([x], { axis }) {
      frontAxis(name, axis, x.shape);
      return [{ type: floatType(name, x), shape: x.shape }];
    },
    evaluate: ([x], { axis }) => [perLine(x, frontAxis(name, axis, x.shape), compute)],
    gradient: ({ outputs: [result], cotangents: [cotangent], attributes: { axis } }) => [
      cotangent && back(cotangent, result, axis),
    ],
    encode: ({ axis }) => ({ attributes: { axis: int(axis) } }),
    decode: (reader) => ({ axis: reader.int("axis", -1) }),
  });
}

export const softmaxes = {
  Softmax: defineSoftmax(
    "Softmax",
    (x, largest, logSum) => Math.exp(x - largest - logSum),
    (cotangent, result, axis) => {
      const weighted = mul(cotangent, result);
      return sub(weighted, mul(result, reduceSum(weighted, axis, { keep: true })));
    },
  ),
  LogSoftmax: defineSoftmax(
    "LogSoftmax",
    (x, largest, logSum) => x - largest - logSum,
    (cotangent, result, axis) => sub(cotangent, mul(exp(result), reduceSum(cotangent, axis, { keep: true }))),
  ),
};

/** eˣ / Σ eˣ along an axis. */
export const softmax = (x: Tensor, axis: number): Tensor => softmaxes.Softmax.apply([x], { axis })[0];

/** x − log Σ eˣ along an axis. */
export const logSoftmax = (x: Tensor, axis: number): Tensor => softmaxes.LogSoftmax.apply([x], { axis })[0];
