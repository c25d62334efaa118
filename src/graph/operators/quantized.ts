/** @file Products with weights of eight bits, by ONNX Runtime's own operator: for generation, where weights stand still. */
import { type Numbers, roundToEven, sizeOf } from "../numbers.ts";
import { defineOperator } from "../operator.ts";
import { ShapeError, sameShape } from "../shape.ts";
import { constant, type Tensor, type TensorType } from "../tensor.ts";

/** Largest unsigned number of eight bits. */
const most = 255;

function requireTypes([a, b, scale, zeroPoint, bias]: readonly TensorType[]): void {
  const shapes = [a.shape, b.shape];
  if (a.type !== "float32" || scale.type !== "float32" || (bias?.type ?? "float32") !== "float32")
    throw new ShapeError("DynamicQuantizeMatMul", "float32 but for weights and zero points", shapes);
  if ((b.type !== "int8" && b.type !== "uint8") || zeroPoint.type !== b.type)
    throw new ShapeError(
      "DynamicQuantizeMatMul",
      `int8 or uint8 weights and zero points instead of ${b.type} and ${zeroPoint.type}`,
      shapes,
    );
}

const clamp = (value: number) => Math.min(Math.max(value, 0), most);

/**
 * A tensor as whole numbers from 0 to 255 less their zero point, and what one of them is worth. Rounded at each step as
 * ONNX Runtime's float32 arithmetic rounds (GetQuantizationParameter in qmath.h), since a half decides over a whole.
 */
function quantize({ values }: Numbers): { readonly scale: number; readonly steps: Float64Array } {
  const floats = Float32Array.from(values);
  const least = floats.reduce((a, b) => Math.min(a, b), 0);
  const largest = floats.reduce((a, b) => Math.max(a, b), 0);
  const scale = least === largest ? 1 : Math.fround(Math.fround(largest - least) / most);
  const zeroPoint = roundToEven(clamp(-Math.fround(least / scale)));
  const steps = Float64Array.from(
    floats,
    (value) => clamp(roundToEven(Math.fround(value / scale)) + zeroPoint) - zeroPoint,
  );
  return { scale, steps };
}

export const quantized = {
  /** a · ((b − zero point) · scale) + bias, with `a` rounded to eight bits over the whole tensor when it runs. */
  DynamicQuantizeMatMul: defineOperator<undefined>({
    name: "DynamicQuantizeMatMul",
    domain: "com.microsoft",
    infer(inputs) {
      requireTypes(inputs);
      const [a, b, scale, zeroPoint, bias] = inputs.map(({ shape }) => shape);
      const fits = b.length === 2 && a.length >= 2 && a[a.length - 1] === b[0];
      if (!fits) throw new ShapeError("DynamicQuantizeMatMul", "inner sizes to agree", [a, b]);
      const columns = b.slice(1);
      for (const each of [scale, zeroPoint, ...(bias === undefined ? [] : [bias])]) {
        if (sameShape(each, columns) || (each !== bias && each.length === 0)) continue;
        throw new ShapeError("DynamicQuantizeMatMul", "one number, or one for each column", [b, each]);
      }
      return [{ type: "float32", shape: [...a.slice(0, -1), ...columns] }];
    },
    evaluate([a, b, scale, zeroPoint, bias]) {
      const [inner, columns] = b.shape;
      const { scale: scaleA, steps } = quantize(a);
      const shape = [...a.shape.slice(0, -1), columns];
      const values = new Float64Array(sizeOf(shape));
      const of = ({ values: list }: Numbers, column: number) => list[list.length === 1 ? 0 : column];
      for (let i = 0; i < values.length; i++) {
        const column = i % columns;
        const row = Math.floor(i / columns) * inner;
        let sum = 0;
        for (let k = 0; k < inner; k++)
          sum += steps[row + k] * (b.values[k * columns + column] - of(zeroPoint, column));
        values[i] = sum * scaleA * of(scale, column) + (bias === undefined ? 0 : of(bias, column));
      }
      return [{ type: "float32", shape, values }];
    },
    decode: () => undefined,
  }),
};

/** Weights of eight bits `[inner, columns]`: a weight is worth (its number − zero point) · scale. */
export interface QuantizedWeights {
  /** int8 or uint8; constants are fastest. */
  readonly weights: Tensor;
  /** One, or one for each column. */
  readonly scale: Tensor;
  /** One, or one for each column; 0 unless given. */
  readonly zeroPoint?: Tensor;
}

/**
 * The product of `a` float32 `[…, inner]` and weights of eight bits, plus a bias `[columns]`. No gradient flows through it.
 *
 * Processors without VNNI instructions may add two products in 16 bits and cut off what exceeds them; weights from −64 to
 * 63 are always safe.
 */
export function quantizedMatmul(
  a: Tensor,
  { weights, scale, zeroPoint }: QuantizedWeights,
  bias?: Tensor,
): Tensor {
  const zero = zeroPoint ?? constant(0, { type: weights.type });
  const inputs = [a, weights, scale, zero, ...(bias === undefined ? [] : [bias])];
  return quantized.DynamicQuantizeMatMul.apply(inputs, undefined)[0];
}
