/** @file Rotary embedding (Su et al. 2021), by ONNX Runtime's own operator. */
import type { Dimension } from "../../onnx/model.ts";
import { flag, GraphError } from "../encoding.ts";
import { type Numbers, sizeOf } from "../numbers.ts";
import { defineOperator } from "../operator.ts";
import { commonType, ShapeError, sameShape } from "../shape.ts";
import type { Tensor, TensorType } from "../tensor.ts";
import { neg } from "./unary.ts";

interface Rotation {
  /** Whether the two features of a pair are neighbours, rather than half of the features apart. */
  readonly interleaved: boolean;
}

/** Heads lie next to each other in one axis, or have an axis of their own before the positions. */
function positionAxis(shape: readonly Dimension[]): 1 | 2 {
  return shape.length === 3 ? 1 : 2;
}

function requireShapes([x, positions, cosines, sines]: readonly TensorType[]): void {
  const shapes = [x.shape, positions.shape, cosines.shape, sines.shape];
  const require = (condition: boolean, expected: string) => {
    if (!condition) throw new ShapeError("RotaryEmbedding", expected, shapes);
  };
  const ranked = x.shape.length === 3 || x.shape.length === 4;
  require(ranked, "[batch, positions, heads · size] or [batch, heads, positions, size]");
  require(positions.type === "int64", `int64 positions instead of ${positions.type}`);
  const alike = cosines.shape.length === 2 && sameShape(cosines.shape, sines.shape);
  require(alike, "tables [positions, size / 2] of one shape");
  const size = x.shape[x.shape.length - 1];
  const half = cosines.shape[1];
  if (typeof size === "number" && typeof half === "number") {
    const whole = x.shape.length === 4 ? size === 2 * half : size % (2 * half) === 0;
    require(whole, "tables that are half as wide as a head");
  }
  const one = positions.shape.length === 0 || sameShape(positions.shape, [1]);
  const each = [x.shape[0], x.shape[positionAxis(x.shape)]];
  require(one || sameShape(positions.shape, each), "one first position, or [batch, positions]");
}

/** Where in a row of size `2 · half` the two features of a pair lie. */
function pairOf(k: number, half: number, interleaved: boolean): readonly [number, number] {
  return interleaved ? [2 * k, 2 * k + 1] : [k, k + half];
}

/** The table's row for each head at each position, in the order in which they lie in memory. */
function* tableRows(shape: readonly number[], half: number, positions: Numbers): Generator<number> {
  const count = shape[positionAxis(shape)];
  const at = (batch: number, place: number) =>
    positions.shape.length < 2 ? positions.values[0] + place : positions.values[batch * count + place];
  const heads = shape.length === 3 ? shape[2] / (2 * half) : shape[1];
  for (let batch = 0; batch < shape[0]; batch++) {
    if (shape.length === 3)
      for (let place = 0; place < count; place++)
        for (let head = 0; head < heads; head++) yield at(batch, place);
    else
      for (let head = 0; head < heads; head++)
        for (let place = 0; place < count; place++) yield at(batch, place);
  }
}

export const rotaries = {
  /** Each pair of features (a, b) becomes (a cos − b sin, b cos + a sin), by the tables' row for its position. */
  RotaryEmbedding: defineOperator<Rotation>({
    name: "RotaryEmbedding",
    domain: "com.microsoft",
    infer(inputs) {
      const [x, , cosines, sines] = inputs;
      requireShapes(inputs);
      return [{ type: commonType("RotaryEmbedding", [x, cosines, sines]), shape: x.shape }];
    },
    evaluate([x, positions, cosines, sines], { interleaved }) {
      const [rows, half] = cosines.shape;
      const values = new Float64Array(sizeOf(x.shape));
      let start = 0;
      for (const row of tableRows(x.shape, half, positions)) {
        if (row < 0 || row >= rows)
          throw new ShapeError("RotaryEmbedding", `positions from 0 to ${rows - 1} instead of ${row}`, [
            cosines.shape,
          ]);
        for (let k = 0; k < half; k++) {
          const [first, second] = pairOf(k, half, interleaved);
          const [a, b] = [x.values[start + first], x.values[start + second]];
          const [cosine, sine] = [cosines.values[row * half + k], sines.values[row * half + k]];
          values[start + first] = a * cosine - b * sine;
          values[start + second] = b * cosine + a * sine;
        }
        start += 2 * half;
      }
      return [{ type: x.type, shape: x.shape, values }];
    },
    /** Turned back. The tables are taken to be constants. */
    gradient: ({ inputs: [, positions, cosines, sines], cotangents: [cotangent], attributes }) => [
      cotangent && rotaryEmbedding(cotangent, positions, cosines, neg(sines), attributes),
      undefined,
      undefined,
      undefined,
    ],
    encode: ({ interleaved }) => ({ attributes: { interleaved: flag(interleaved) } }),
    decode(reader) {
      if (reader.int("rotary_embedding_dim", 0) === 0)
        return { interleaved: reader.flag("interleaved", false) };
      throw new GraphError(
        "RotaryEmbedding: found heads that are turned in part, expected whole ones: run this model with ONNX Runtime instead",
      );
    },
  }),
};

/**
 * Pairs of features turned by angles that depend on their position.
 *
 * @param x float32 `[batch, heads, positions, size]`, or `[batch, positions, heads · size]`
 * @param positions int64 `[batch, positions]`; or `[1]`: the first one, which the others follow
 * @param cosines `[rows, size / 2]`, a row for each position that may occur; so are `sines`
 */
export function rotaryEmbedding(
  x: Tensor,
  positions: Tensor,
  cosines: Tensor,
  sines: Tensor,
  { interleaved = false }: Partial<Rotation> = {},
): Tensor {
  return rotaries.RotaryEmbedding.apply([x, positions, cosines, sines], { interleaved })[0];
}
