/** @file Functions of one number, applied to every element; each row holds its value and its slope. */
import { type DataType, dataTypes } from "../../onnx/model.ts";
import { int } from "../encoding.ts";
import { type DefinedOperator, defineOperator } from "../operator.ts";
import { floatType } from "../shape.ts";
import { constant, isFloat, type Tensor, type TensorType } from "../tensor.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { greater, where } from "./comparison.ts";

/** What flows back, from the input, the result and what flows into it. */
type UnaryGradient = (cotangent: Tensor, x: Tensor, result: Tensor) => Tensor;

function defineUnary(
  name: string,
  compute: (x: number) => number,
  back?: UnaryGradient,
  typeOf: (operator: string, x: TensorType) => DataType = floatType,
): DefinedOperator<undefined> {
  return defineOperator<undefined>({
    name,
    infer: ([x]) => [{ type: typeOf(name, x), shape: x.shape }],
    evaluate: ([{ type, shape, values }]) => [{ type, shape, values: Float64Array.from(values, compute) }],
    ...(back === undefined
      ? {}
      : {
          gradient: ({ inputs: [x], outputs: [result], cotangents: [cotangent] }) => [
            cotangent && back(cotangent, x, result),
          ],
        }),
    decode: () => undefined,
  });
}

/** The error function, to about 1e-14: a series near zero, a continued fraction further out (DLMF 7.6.1 and 7.9.1). */
function errorFunction(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 3) {
    let term = size;
    let sum = size;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 200; n++) {
      term *= (-size * size) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = size;
  for (let n = 60; n > 0; n--) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-size * size) / (fraction * Math.sqrt(Math.PI)));
}

/** For what whole numbers can do as well. */
const anyType = (_: string, { type }: TensorType) => type;

const scale = (cotangent: Tensor, factor: number) => mul(cotangent, factor);

export const unary = {
  Neg: defineUnary(
    "Neg",
    (x) => -x,
    (cotangent) => neg(cotangent),
    anyType,
  ),
  Exp: defineUnary("Exp", Math.exp, (cotangent, _, result) => mul(cotangent, result)),
  Log: defineUnary("Log", Math.log, (cotangent, x) => div(cotangent, x)),
  Sqrt: defineUnary("Sqrt", Math.sqrt, (cotangent, _, result) => div(scale(cotangent, 0.5), result)),
  Reciprocal: defineUnary(
    "Reciprocal",
    (x) => 1 / x,
    (cotangent, _, result) => neg(mul(cotangent, mul(result, result))),
  ),
  Abs: defineUnary("Abs", Math.abs, (cotangent, x) => mul(cotangent, sign(x)), anyType),
  Sign: defineUnary("Sign", Math.sign, undefined, anyType),
  Floor: defineUnary("Floor", Math.floor),
  Tanh: defineUnary("Tanh", Math.tanh, (cotangent, _, result) =>
    mul(cotangent, sub(constant(1, { type: result.type }), mul(result, result))),
  ),
  Sigmoid: defineUnary(
    "Sigmoid",
    (x) => 1 / (1 + Math.exp(-x)),
    (cotangent, _, result) => mul(cotangent, sub(result, mul(result, result))),
  ),
  Relu: defineUnary(
    "Relu",
    (x) => Math.max(x, 0),
    (cotangent, x) => where(greater(x, 0), cotangent, constant(0, { type: x.type })),
  ),
  Softplus: defineUnary(
    "Softplus",
    (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    (cotangent, x) => mul(cotangent, sigmoid(x)),
  ),
  Erf: defineUnary("Erf", errorFunction, (cotangent, x) =>
    mul(cotangent, scale(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))),
  ),
  Sin: defineUnary("Sin", Math.sin, (cotangent, x) => mul(cotangent, cos(x))),
  Cos: defineUnary("Cos", Math.cos, (cotangent, x) => neg(mul(cotangent, sin(x)))),
  /** x · σ(αx) in one pass; with α = 1 it is SiLU. ONNX Runtime's own operator. */
  QuickGelu: defineOperator<{ readonly alpha: number }>({
    name: "QuickGelu",
    domain: "com.microsoft",
    infer: ([x]) => [{ type: floatType("QuickGelu", x), shape: x.shape }],
    evaluate: ([{ type, shape, values }], { alpha }) => [
      { type, shape, values: Float64Array.from(values, (x) => x / (1 + Math.exp(-alpha * x))) },
    ],
    gradient({ inputs: [x], outputs: [result], cotangents: [cotangent], attributes: { alpha } }) {
      if (cotangent === undefined) return [undefined];
      // d(xs)/dx = s + αxs(1 − s) = s + α(y − ys)
      const s = sigmoid(alpha === 1 ? x : mul(x, alpha));
      return [mul(cotangent, add(s, scale(sub(result, mul(result, s)), alpha)))];
    },
    encode: ({ alpha }) => ({ attributes: { alpha: { type: "float", value: alpha } } }),
    decode: (reader) => ({ alpha: reader.float("alpha", 1.702) }),
  }),
  Cast: defineOperator<{ readonly to: DataType }>({
    name: "Cast",
    infer: ([{ shape }], { to }) => [{ type: to, shape }],
    evaluate: ([{ shape, values }], { to }) => [
      { type: to, shape, values: Float64Array.from(values, casts(to)) },
    ],
    gradient: ({ inputs: [x], cotangents: [cotangent], attributes: { to } }) => [
      cotangent && isFloat(x.type) && isFloat(to) ? cast(cotangent, x.type) : undefined,
    ],
    encode: ({ to }) => ({ attributes: { to: int(dataTypes[to]) } }),
    decode: (reader) => ({ to: reader.dataType("to") }),
  }),
};

/** How a number becomes one of this type: without its fraction, and in the last bits that there is room for. */
function casts(to: DataType): (value: number) => number {
  switch (to) {
    case "bool":
      return (value) => Number(value !== 0);
    case "int8":
      return (value) => (value << 24) >> 24;
    case "uint8":
      return (value) => value & 0xff;
    case "int32":
      return (value) => value | 0;
    case "int64":
      return Math.trunc;
    default:
      return (value) => value;
  }
}

const one =
  (operator: DefinedOperator<undefined>) =>
  (x: Tensor): Tensor =>
    operator.apply([x], undefined)[0];

export const neg = one(unary.Neg);
export const exp = one(unary.Exp);
export const log = one(unary.Log);
export const sqrt = one(unary.Sqrt);
export const reciprocal = one(unary.Reciprocal);
export const abs = one(unary.Abs);
export const sign = one(unary.Sign);
export const floor = one(unary.Floor);
export const tanh = one(unary.Tanh);
export const sigmoid = one(unary.Sigmoid);
export const relu = one(unary.Relu);
export const softplus = one(unary.Softplus);
export const erf = one(unary.Erf);
export const sin = one(unary.Sin);
export const cos = one(unary.Cos);

/** x · σ(x), also called Swish (Elfwing et al. 2018). */
export const silu = (x: Tensor): Tensor => unary.QuickGelu.apply([x], { alpha: 1 })[0];

/** The same numbers in another element type; towards integers the fraction is cut off. */
export const cast = (x: Tensor, to: DataType): Tensor =>
  x.type === to ? x : unary.Cast.apply([x], { to })[0];
