/** @file Indexing: rows and elements taken by their places, and what is added back to them. */
import type { Dimension } from "../../onnx/model.ts";
import { GraphError, int, text } from "../encoding.ts";
import { type Numbers, offsetsOf, sizeOf, stridesOf, take } from "../numbers.ts";
import { type DefinedOperator, defineOperator } from "../operator.ts";
import { commonType, frontAxis, knownShape, ShapeError, sameShape } from "../shape.ts";
import type { Tensor, TensorType } from "../tensor.ts";
import { transpose, zeros } from "./layout.ts";
import { scatterAdd } from "./scatter-add.ts";

interface AlongAxis {
  readonly axis: number;
}

function requireIndices(operator: string, { type, shape }: TensorType): void {
  if (type !== "int32" && type !== "int64")
    throw new ShapeError(operator, `int32 or int64 indices instead of ${type}`, [shape]);
}

/** A place counted from the front. Runtimes refuse the others too. */
function frontPlace(operator: string, place: number, axis: number, shape: readonly number[]): number {
  const size = shape[axis];
  if (place >= -size && place < size) return place < 0 ? place + size : place;
  throw new ShapeError(
    operator,
    `indices from ${-size} to ${size - 1} along axis ${axis} instead of ${place}`,
    [shape],
  );
}

/** Where the elements that indices of their own shape speak of lie in the data. */
function elementPlaces(operator: string, data: Numbers, indices: Numbers, axis: number): Float64Array {
  const strides = stridesOf(data.shape);
  const lines = offsetsOf(indices.shape, strides.with(axis, 0));
  return lines.map(
    (line, i) => line + frontPlace(operator, indices.values[i], axis, data.shape) * strides[axis],
  );
}

/** Indices of elements have the data's rank, and along the other axes lie within it. */
function requireElements(operator: string, data: TensorType, indices: TensorType, axis: number): void {
  requireIndices(operator, indices);
  const at = frontAxis(operator, axis, data.shape);
  const within = (size: Dimension, i: number) => {
    const whole = data.shape[i];
    return (
      i === at || size === whole || (typeof size === "number" && typeof whole === "number" && size < whole)
    );
  };
  if (indices.shape.length !== data.shape.length || !indices.shape.every(within)) {
    throw new ShapeError(operator, `indices that lie within the data along all axes but ${at}`, [
      data.shape,
      indices.shape,
    ]);
  }
}

export const indexing = {
  /** Slices along an axis, one for each index: the index's own axes stand in that axis's place. */
  Gather: defineOperator<AlongAxis>({
    name: "Gather",
    infer([data, indices], { axis }) {
      requireIndices("Gather", indices);
      const at = frontAxis("Gather", axis, data.shape);
      return [{ type: data.type, shape: data.shape.toSpliced(at, 1, ...indices.shape) }];
    },
    evaluate([data, indices], { axis }) {
      const at = frontAxis("Gather", axis, data.shape);
      const inner = sizeOf(data.shape.slice(at + 1));
      const places = Array.from(
        indices.values,
        (place) => frontPlace("Gather", place, at, data.shape) * inner,
      );
      const block = inner * data.shape[at];
      const starts = Array.from({ length: sizeOf(data.shape.slice(0, at)) }, (_, i) => i * block);
      const offsets = new Float64Array(starts.length * places.length * inner);
      let i = 0;
      for (const start of starts)
        for (const place of places) for (let j = 0; j < inner; j++) offsets[i++] = start + place + j;
      return [take(data, data.shape.toSpliced(at, 1, ...indices.shape), offsets)];
    },
    gradient({ inputs: [data, indices], cotangents: [cotangent], attributes: { axis } }) {
      if (cotangent === undefined) return [undefined, undefined];
      const at = frontAxis("Gather", axis, data.shape);
      const [rows] = knownShape("Gather", [data.shape[at]]);
      if (at === 0) return [scatterAdd(rows, indices, cotangent), undefined];
      // The index's axes come to the front, and the rows back to their place.
      const axes = cotangent.shape.map((_, each) => each);
      const own = axes.slice(at, at + indices.shape.length);
      const updates = transpose(cotangent, [...own, ...axes.filter((each) => !own.includes(each))]);
      const order = data.shape.map((_, each) => (each === at ? 0 : each < at ? each + 1 : each));
      return [transpose(scatterAdd(rows, indices, updates), order), undefined];
    },
    encode: ({ axis }) => ({ attributes: { axis: int(axis) } }),
    decode: (reader) => ({ axis: reader.int("axis", 0) }),
  }),
  /** One element for each index, at the index's place but for the axis. */
  GatherElements: defineOperator<AlongAxis>({
    name: "GatherElements",
    infer([data, indices], { axis }) {
      requireElements("GatherElements", data, indices, axis);
      return [{ type: data.type, shape: indices.shape }];
    },
    evaluate([data, indices], { axis }) {
      const at = frontAxis("GatherElements", axis, data.shape);
      return [take(data, indices.shape, elementPlaces("GatherElements", data, indices, at))];
    },
    gradient: ({ inputs: [data, indices], cotangents: [cotangent], attributes: { axis } }) => [
      cotangent && scatterElements(zeros(data), indices, cotangent, axis),
      undefined,
    ],
    encode: ({ axis }) => ({ attributes: { axis: int(axis) } }),
    decode: (reader) => ({ axis: reader.int("axis", 0) }),
  }),
  /** The data, with each update added to the element that its index speaks of. */
  ScatterElements: defineOperator<AlongAxis>({
    name: "ScatterElements",
    infer([data, indices, updates], { axis }) {
      requireElements("ScatterElements", data, indices, axis);
      const type = commonType("ScatterElements", [data, updates]);
      if (!sameShape(indices.shape, updates.shape)) {
        throw new ShapeError("ScatterElements", "an index for each update", [indices.shape, updates.shape]);
      }
      return [{ type, shape: data.shape }];
    },
    evaluate([data, indices, updates], { axis }) {
      const at = frontAxis("ScatterElements", axis, data.shape);
      const values = Float64Array.from(data.values);
      const places = elementPlaces("ScatterElements", data, indices, at);
      for (let i = 0; i < places.length; i++) values[places[i]] += updates.values[i];
      return [{ type: data.type, shape: data.shape, values }];
    },
    gradient: ({ inputs: [, indices], cotangents: [cotangent], attributes: { axis } }) => [
      cotangent,
      undefined,
      cotangent && gatherElements(cotangent, indices, axis),
    ],
    encode: ({ axis }) => ({ attributes: { axis: int(axis), reduction: text("add") } }),
    decode(reader) {
      const reduction = reader.text("reduction", "none");
      if (reduction === "add") return { axis: reader.int("axis", 0) };
      throw new GraphError(
        `ScatterElements: found reduction "${reduction}", expected "add": run this model with ONNX Runtime instead`,
      );
    },
  }),
};

function along(operator: DefinedOperator<AlongAxis>, axis: number, ...inputs: readonly Tensor[]): Tensor {
  return operator.apply(inputs, { axis: frontAxis(operator.name, axis, inputs[0].shape) })[0];
}

/** Slices of `data` along an axis, by int32 or int64 indices of any shape; negative ones count from the end. */
export const gather = (data: Tensor, indices: Tensor, axis = 0): Tensor =>
  along(indexing.Gather, axis, data, indices);

/** Single elements: result[i][j] = data[i][indices[i][j]] along axis 1. Of the shape of `indices`. */
export const gatherElements = (data: Tensor, indices: Tensor, axis: number): Tensor =>
  along(indexing.GatherElements, axis, data, indices);

/** `data`, with updates added to single elements; the opposite of `gatherElements`. */
export const scatterElements = (data: Tensor, indices: Tensor, updates: Tensor, axis: number): Tensor =>
  along(indexing.ScatterElements, axis, data, indices, updates);
