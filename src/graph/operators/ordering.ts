/** @file Ordering: the largest elements, and where they are. */
import { flag, int } from "../encoding.ts";
import { offsetsOf, sizeOf, stridesOf } from "../numbers.ts";
import { defineOperator } from "../operator.ts";
import { frontAxis, ShapeError } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { scatterElements } from "./indexing.ts";
import { zeros } from "./layout.ts";

interface Choice {
  readonly axis: number;
  /** How many. */
  readonly count: number;
  readonly largest: boolean;
}

export const orderings = {
  /** The largest (or smallest) elements along an axis and their places: best first, and of equals the first one. */
  TopK: defineOperator<Choice>({
    name: "TopK",
    arity: 1,
    infer([x], { axis, count }) {
      const at = frontAxis("TopK", axis, x.shape);
      const size = x.shape[at];
      if (typeof size === "number" && count > size)
        throw new ShapeError("TopK", `at least ${count} elements along axis ${at}`, [x.shape]);
      const shape = x.shape.with(at, count);
      return [
        { type: x.type, shape },
        { type: "int64", shape },
      ];
    },
    evaluate([x], { axis, count, largest }) {
      const at = frontAxis("TopK", axis, x.shape);
      const strides = stridesOf(x.shape);
      const shape = x.shape.with(at, count);
      const into = offsetsOf(shape.with(at, 1), stridesOf(shape));
      const places = new Float64Array(sizeOf(shape));
      const values = new Float64Array(sizeOf(shape));
      const stride = stridesOf(shape)[at];
      const sign = largest ? 1 : -1;
      for (const [line, start] of offsetsOf(x.shape.with(at, 1), strides).entries()) {
        const valueAt = (place: number) => x.values[start + place * strides[at]];
        const ranking = Array.from({ length: x.shape[at] }, (_, place) => place);
        ranking.sort((a, b) => sign * (valueAt(b) - valueAt(a)) || a - b);
        for (let rank = 0; rank < count; rank++) {
          const to = into[line] + rank * stride;
          places[to] = ranking[rank];
          values[to] = valueAt(ranking[rank]);
        }
      }
      return [
        { type: x.type, shape, values },
        { type: "int64", shape, values: places },
      ];
    },
    gradient: ({ inputs: [x], outputs: [, places], cotangents: [cotangent], attributes: { axis } }) => [
      cotangent && scatterElements(zeros(x), places, cotangent, axis),
    ],
    encode: ({ axis, largest, count }) => ({
      attributes: { axis: int(axis), largest: flag(largest), sorted: flag(true) },
      lists: [[count]],
    }),
    decode(reader) {
      // Sorted results are as good where none were asked for.
      reader.flag("sorted", true);
      return {
        axis: reader.int("axis", -1),
        largest: reader.flag("largest", true),
        count: reader.single(0),
      };
    },
  }),
};

/** The `count` largest elements along an axis (smallest, if asked for), best first, and their int64 places. */
export function topK(
  x: Tensor,
  count: number,
  axis = -1,
  options: { readonly largest?: boolean } = {},
): { readonly values: Tensor; readonly indices: Tensor } {
  const attributes = { axis: frontAxis("TopK", axis, x.shape), count, largest: options.largest ?? true };
  const [values, indices] = orderings.TopK.apply([x], attributes);
  return { values, indices };
}
