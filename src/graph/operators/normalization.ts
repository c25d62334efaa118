/** @file Layer normalisation (Ba et al. 2016), over the last axis. */
import { float, GraphError, int } from "../encoding.ts";
import { sumOf } from "../gradient.ts";
import { type Numbers, sizeOf } from "../numbers.ts";
import { defineOperator } from "../operator.ts";
import { commonType, floatType, knownShape, ShapeError, sameShape } from "../shape.ts";
import type { Tensor, TensorType } from "../tensor.ts";
import { div, mul, sub } from "./arithmetic.ts";
import { expand } from "./layout.ts";
import { reduceMean, reduceSum } from "./reduction.ts";
import { cast, neg } from "./unary.ts";

interface Normalization {
  /** Added to the variance. */
  readonly epsilon: number;
}

/** Of the last axis. */
function statistics({ shape, values }: Numbers, epsilon: number) {
  const size = shape[shape.length - 1];
  const rows = sizeOf(shape.slice(0, -1));
  const means = new Float64Array(rows);
  const inverses = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let mean = 0;
    for (let i = 0; i < size; i++) mean += values[row * size + i] / size;
    let variance = 0;
    for (let i = 0; i < size; i++) variance += (values[row * size + i] - mean) ** 2 / size;
    means[row] = mean;
    inverses[row] = 1 / Math.sqrt(variance + epsilon);
  }
  return { size, means, inverses };
}

function rowSize({ shape }: Tensor): number {
  return knownShape("LayerNormalization", shape.slice(-1))[0];
}

/** Sums a tensor of many rows to the last axis. */
function sumRows(x: Tensor): Tensor {
  return reduceSum(
    x,
    x.shape.slice(0, -1).map((_, axis) => axis),
  );
}

export const normalizations = {
  /** Results, and for each row its mean and the inverse of its deviation, which are float32 whatever the input is. */
  LayerNormalization: defineOperator<Normalization>({
    name: "LayerNormalization",
    infer(inputs) {
      const [x, ...rest] = inputs;
      const type = floatType("LayerNormalization", {
        type: commonType("LayerNormalization", inputs),
        shape: x.shape,
      });
      for (const { shape } of rest) {
        if (x.shape.length > 0 && sameShape(shape, x.shape.slice(-1))) continue;
        throw new ShapeError("LayerNormalization", "scale and bias of the last axis's size", [
          x.shape,
          shape,
        ]);
      }
      const row: TensorType = { type: "float32", shape: x.shape.with(-1, 1) };
      return [{ type, shape: x.shape }, row, row];
    },
    evaluate([x, scale, bias], { epsilon }) {
      const { size, means, inverses } = statistics(x, epsilon);
      const values = Float64Array.from(x.values, (value, i) => {
        const row = Math.floor(i / size);
        const normal = (value - means[row]) * inverses[row];
        return normal * scale.values[i % size] + (bias?.values[i % size] ?? 0);
      });
      const shape = x.shape.with(-1, 1);
      return [
        { type: x.type, shape: x.shape, values },
        { type: "float32", shape, values: means },
        { type: "float32", shape, values: inverses },
      ];
    },
    gradient({ inputs, outputs, cotangents: [cotangent, ...toStatistics] }) {
      const [x, scale, bias] = inputs;
      const [mean, inverse] = outputs.slice(1).map((each) => cast(each, x.type));
      const normal = mul(sub(x, mean), inverse);
      // Nothing but this gradient reads the statistics: something flows to them when it is itself derived.
      const [toMean, toInverse] = toStatistics.map((each) => each && cast(each, x.type));
      const slopeOfInverse = neg(mul(normal, mul(inverse, inverse)));
      const throughStatistics = [toMean, toInverse && mul(toInverse, slopeOfInverse)].flatMap((each) =>
        each ? [expand(div(each, rowSize(x)), x.shape)] : [],
      );
      const rest = bias === undefined ? [] : [cotangent && sumRows(cotangent)];
      if (cotangent === undefined) return [sumOf(throughStatistics), undefined, ...rest];
      const weighted = mul(cotangent, normal);
      const flowing = mul(cotangent, scale);
      // What changes nothing but the mean, or nothing but the deviation, is taken away again by the normalisation.
      const common = reduceMean(flowing, -1, { keep: true });
      const along = reduceMean(mul(weighted, scale), -1, { keep: true });
      const toX = mul(sub(sub(flowing, common), mul(normal, along)), inverse);
      return [sumOf([toX, ...throughStatistics]), sumRows(weighted), ...rest];
    },
    encode: ({ epsilon }) => ({ attributes: { axis: int(-1), epsilon: float(epsilon) } }),
    decode(reader, [x]) {
      const axis = reader.int("axis", -1);
      if (axis === -1 || axis === x.shape.length - 1) return { epsilon: reader.float("epsilon", 1e-5) };
      throw new GraphError(
        `LayerNormalization: found axis ${axis}, expected the last one: run this model with ONNX Runtime instead`,
      );
    },
  }),
};

/** Rows of `x […, size]` brought to mean 0 and deviation 1, times `scale [size]`, plus `bias [size]`. */
export function layerNormalization(
  x: Tensor,
  scale: Tensor,
  bias?: Tensor,
  { epsilon = 1e-5 }: Partial<Normalization> = {},
): Tensor {
  const inputs = bias === undefined ? [x, scale] : [x, scale, bias];
  return normalizations.LayerNormalization.apply(inputs, { epsilon })[0];
}
