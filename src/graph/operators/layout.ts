/** @file Layout: the same numbers in another shape, order or neighbourhood. */

import type { Dimension } from "../../onnx/model.ts";
import { invariant } from "../../util/errors.ts";
import { flag, int, ints } from "../encoding.ts";
import { offsetsOf, repeatedStrides, sizeOf, stridesOf, take } from "../numbers.ts";
import { defineOperator } from "../operator.ts";
import {
  addToSize,
  broadcast,
  commonType,
  frontAxis,
  knownShape,
  productOfSizes,
  ShapeError,
  sameShape,
  sumOfSizes,
} from "../shape.ts";
import { constant, type Tensor, type TensorType } from "../tensor.ts";
import { unbroadcast } from "./arithmetic.ts";

interface ToShape {
  readonly shape: readonly Dimension[];
}

interface NewShape extends ToShape {
  /** The shape as the file has it: 0 copies the size at the same place, -1 is what remains. */
  readonly encoded: readonly number[];
  /** Whether 0 in the encoded shape is a size: ONNX's `allowzero`. */
  readonly allowZero: boolean;
}

const productOf = (sizes: readonly Dimension[]) =>
  sizes.reduce<number>((product, size) => (typeof size === "number" ? product * size : product), 1);

function encodeShape(from: readonly Dimension[], to: readonly Dimension[]): NewShape {
  const allowZero = to.some((size, axis) => size === 0 && from[axis] !== 0);
  if (allowZero) return { shape: to, encoded: knownShape("Reshape", to), allowZero };
  const kept = (axis: number) => typeof to[axis] === "string" && from[axis] === to[axis];
  const remaining = to.filter((size, axis) => typeof size === "string" && !kept(axis));
  if (remaining.length > 1) throw new ShapeError("Reshape", "at most one new name", [from, to]);
  const encoded = to.map((size, axis) => (typeof size === "number" ? size : kept(axis) ? 0 : -1));
  return { shape: to, encoded, allowZero };
}

function decodeShape(
  from: readonly Dimension[],
  { encoded, allowZero }: Pick<NewShape, "encoded" | "allowZero">,
): readonly Dimension[] {
  if (allowZero) return encoded;
  const copied = encoded.map((size, axis) => (size === 0 ? from[axis] : size));
  const [whole, taken] = [productOf(from), productOf(copied.filter((size) => size !== -1))];
  const names = from.flatMap((size, axis) => (typeof size === "string" && encoded[axis] !== 0 ? [size] : []));
  const remaining = names.length === 0 ? whole / taken : productOfSizes(names, whole, taken);
  return copied.map((size) => (size === -1 ? remaining : size));
}

export const layout = {
  Identity: defineOperator<undefined>({
    name: "Identity",
    infer: ([{ type, shape }]) => [{ type, shape }],
    evaluate: ([numbers]) => [numbers],
    gradient: ({ cotangents }) => cotangents,
    sumOverSteps: ([x]) => x.summed(),
    decode: () => undefined,
  }),
  Reshape: defineOperator<NewShape>({
    name: "Reshape",
    arity: 1,
    infer([x], { shape }) {
      const names = (sizes: readonly Dimension[]) => sizes.some((size) => typeof size === "string");
      const fits = names(x.shape) || names(shape) || productOf(x.shape) === productOf(shape);
      if (!fits) throw new ShapeError("Reshape", "shapes of the same size", [x.shape, shape]);
      return [{ type: x.type, shape }];
    },
    evaluate: ([x], shape) => [{ ...x, shape: knownShape("Reshape", decodeShape(x.shape, shape)) }],
    gradient: ({ inputs: [x], cotangents: [cotangent] }) => [cotangent && reshape(cotangent, x.shape)],
    sumOverSteps: ([x], { shape }) => reshape(x.summed(), shape),
    encode: ({ encoded, allowZero }) => ({
      attributes: allowZero ? { allowzero: flag(true) } : {},
      lists: [encoded],
    }),
    decode(reader, [x]) {
      const given = { encoded: reader.list(0), allowZero: reader.flag("allowzero", false) };
      return { ...given, shape: decodeShape(x.shape, given) };
    },
  }),
  Transpose: defineOperator<{ readonly order: readonly number[] }>({
    name: "Transpose",
    infer([x], { order }) {
      const complete = order.length === x.shape.length && x.shape.every((_, axis) => order.includes(axis));
      if (!complete)
        throw new ShapeError("Transpose", `one axis for each of the order [${order.join(", ")}]`, [x.shape]);
      return [{ type: x.type, shape: order.map((axis) => x.shape[axis]) }];
    },
    evaluate([x], { order }) {
      const strides = stridesOf(x.shape);
      const shape = order.map((axis) => x.shape[axis]);
      return [
        take(
          x,
          shape,
          offsetsOf(
            shape,
            order.map((axis) => strides[axis]),
          ),
        ),
      ];
    },
    gradient: ({ cotangents: [cotangent], attributes: { order } }) => [
      cotangent &&
        transpose(
          cotangent,
          order.map((_, axis) => order.indexOf(axis)),
        ),
    ],
    sumOverSteps: ([x], { order }) => transpose(x.summed(), order),
    encode: ({ order }) => ({ attributes: { perm: ints(order) } }),
    decode: (reader) => ({ order: reader.ints("perm") }),
  }),
  Expand: defineOperator<ToShape>({
    name: "Expand",
    arity: 1,
    infer([x], { shape }) {
      if (!sameShape(broadcast("Expand", x.shape, shape), shape)) {
        throw new ShapeError("Expand", "a shape that repeats to the other", [x.shape, shape]);
      }
      return [{ type: x.type, shape }];
    },
    evaluate([x], { shape }) {
      const known = knownShape("Expand", shape);
      return [take(x, known, offsetsOf(known, repeatedStrides(x.shape, known)))];
    },
    gradient: ({ inputs: [x], cotangents: [cotangent] }) => [cotangent && unbroadcast(cotangent, x)],
    encode: ({ shape }) => ({ lists: [knownShape("Expand", shape)] }),
    decode: (reader) => ({ shape: reader.list(0) }),
  }),
  Concat: defineOperator<{ readonly axis: number }>({
    name: "Concat",
    infer(inputs, { axis }) {
      const at = frontAxis("Concat", axis, inputs[0].shape);
      const rest = (shape: readonly Dimension[]) => shape.toSpliced(at, 1);
      for (const { shape } of inputs) {
        const isOfRank = shape.length === inputs[0].shape.length;
        if (isOfRank && sameShape(rest(shape), rest(inputs[0].shape))) continue;
        throw new ShapeError("Concat", `shapes that differ in axis ${at} alone`, [inputs[0].shape, shape]);
      }
      const size = sumOfSizes(inputs.map(({ shape }) => shape[at]));
      return [{ type: commonType("Concat", inputs), shape: inputs[0].shape.with(at, size) }];
    },
    evaluate(inputs, { axis }) {
      const at = frontAxis("Concat", axis, inputs[0].shape);
      const shape = inputs[0].shape.with(
        at,
        inputs.reduce((sum, each) => sum + each.shape[at], 0),
      );
      const values = new Float64Array(sizeOf(shape));
      let start = 0;
      for (const each of inputs) {
        const places = offsetsOf(each.shape, stridesOf(shape), start);
        for (let i = 0; i < places.length; i++) values[places[i]] = each.values[i];
        start += each.shape[at] * stridesOf(shape)[at];
      }
      return [{ type: inputs[0].type, shape, values }];
    },
    gradient({ inputs, cotangents: [cotangent], attributes: { axis } }) {
      if (cotangent === undefined) return inputs.map(() => undefined);
      const at = frontAxis("Concat", axis, inputs[0].shape);
      return split(
        cotangent,
        knownShape(
          "Concat",
          inputs.map(({ shape }) => shape[at]),
        ),
        at,
      );
    },
    encode: ({ axis }) => ({ attributes: { axis: int(axis) } }),
    decode: (reader) => ({ axis: reader.int("axis") }),
  }),
  Split: defineOperator<{ readonly axis: number; readonly sizes: readonly number[] }>({
    name: "Split",
    arity: 1,
    infer([x], { axis, sizes }) {
      const at = frontAxis("Split", axis, x.shape);
      if (x.shape[at] !== sizes.reduce((sum, size) => sum + size, 0)) {
        throw new ShapeError("Split", `sizes ${sizes.join(" + ")} along axis ${at}`, [x.shape]);
      }
      return sizes.map((size) => ({ type: x.type, shape: x.shape.with(at, size) }));
    },
    evaluate([x], { axis, sizes }) {
      const at = frontAxis("Split", axis, x.shape);
      const strides = stridesOf(x.shape);
      let start = 0;
      return sizes.map((size) => {
        const shape = x.shape.with(at, size);
        const places = offsetsOf(shape, strides, start);
        start += size * strides[at];
        return take(x, shape, places);
      });
    },
    gradient: ({ outputs, cotangents, attributes: { axis } }) => [
      concat(
        cotangents.map((cotangent, i) => cotangent ?? zeros(outputs[i])),
        axis,
      ),
    ],
    encode: ({ axis, sizes }) => ({ attributes: { axis: int(axis) }, lists: [sizes] }),
    decode: (reader) => ({ axis: reader.int("axis", 0), sizes: reader.list(0) }),
  }),
  Slice: defineOperator<{ readonly axis: number; readonly start: number; readonly end: number }>({
    name: "Slice",
    arity: 1,
    infer([x], { axis, start, end }) {
      const at = frontAxis("Slice", axis, x.shape);
      return [{ type: x.type, shape: x.shape.with(at, sliceSize(x.shape[at], start, end, x.shape)) }];
    },
    evaluate([x], { axis, start, end }) {
      const at = frontAxis("Slice", axis, x.shape);
      const [from, to] = bounds(x.shape[at], start, end);
      const strides = stridesOf(x.shape);
      const shape = x.shape.with(at, Math.max(0, to - from));
      return [take(x, shape, offsetsOf(shape, strides, from * strides[at]))];
    },
    gradient({ inputs: [x], cotangents: [cotangent], attributes: { axis, start, end } }) {
      if (cotangent === undefined) return [undefined];
      const at = frontAxis("Slice", axis, x.shape);
      const [size] = knownShape("Slice", [x.shape[at]]);
      const [from, to] = bounds(size, start, end);
      return [pad(cotangent, at, from, size - to)];
    },
    encode: ({ axis, start, end }) => ({ lists: [[start], [end], [axis]] }),
    decode: (reader) => ({ start: reader.single(0), end: reader.single(1), axis: reader.single(2) }),
  }),
  /** Zeros before and after. */
  Pad: defineOperator<{ readonly before: readonly number[]; readonly after: readonly number[] }>({
    name: "Pad",
    arity: 1,
    infer: ([x], { before, after }) => [
      { type: x.type, shape: x.shape.map((size, axis) => sumOfSizes([size, before[axis] + after[axis]])) },
    ],
    evaluate([x], { before, after }) {
      const shape = x.shape.map((size, axis) => before[axis] + size + after[axis]);
      const strides = stridesOf(shape);
      const start = before.reduce((sum, count, axis) => sum + count * strides[axis], 0);
      const values = new Float64Array(sizeOf(shape));
      const places = offsetsOf(x.shape, strides, start);
      for (let i = 0; i < places.length; i++) values[places[i]] = x.values[i];
      return [{ type: x.type, shape, values }];
    },
    gradient: ({ inputs: [x], cotangents: [cotangent], attributes: { before } }) => [
      cotangent &&
        knownShape("Pad", x.shape).reduce(
          (inside, size, axis) =>
            inside.shape[axis] === size ? inside : slice(inside, axis, before[axis], before[axis] + size),
          cotangent,
        ),
    ],
    encode: ({ before, after }) => ({ lists: [[...before, ...after]] }),
    decode(reader, [x]) {
      const both = reader.list(0);
      return { before: both.slice(0, x.shape.length), after: both.slice(x.shape.length) };
    },
  }),
};

/** To the end, whatever the size is. */
const toTheEnd = 2 ** 31 - 1;

function bounds(size: number, start: number, end: number): readonly [number, number] {
  const clamp = (at: number) => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
  return [clamp(start), clamp(end)];
}

function sliceSize(size: Dimension, start: number, end: number, shape: readonly Dimension[]): Dimension {
  if (typeof size === "number") {
    const [from, to] = bounds(size, start, end);
    if (to >= from) return to - from;
    throw new ShapeError("Slice", `an end after the start (${start} to ${end})`, [shape]);
  }
  if (end === toTheEnd && start < 0) return -start;
  if (end === toTheEnd && start >= 0) return addToSize(size, -start);
  if (start >= 0 && end < 0) return addToSize(size, end - start);
  if (start >= 0 === end >= 0 && end >= start) return end - start;
  throw new ShapeError("Slice", `bounds that suit a size known only by name`, [shape]);
}

export const identity = (x: Tensor): Tensor => layout.Identity.apply([x], undefined)[0];

/** The same numbers, row-major, in another shape. A name that stood elsewhere takes what remains. */
export function reshape(x: Tensor, shape: readonly Dimension[]): Tensor {
  return sameShape(x.shape, shape) ? x : layout.Reshape.apply([x], encodeShape(x.shape, shape))[0];
}

/** Axes in another order; the last two change places unless said otherwise. */
export function transpose(x: Tensor, order?: readonly number[]): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const last = axes.length - 1;
  return layout.Transpose.apply([x], { order: order ?? [...axes.slice(0, -2), last, last - 1] })[0];
}

/** Repeats along axes of size 1 and new axes in front. */
export function expand(x: Tensor, shape: readonly Dimension[]): Tensor {
  return sameShape(x.shape, shape) ? x : layout.Expand.apply([x], { shape })[0];
}

export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  invariant(tensors.length > 0, "concat is given tensors");
  return tensors.length === 1 ? tensors[0] : layout.Concat.apply(tensors, { axis })[0];
}

/** Cuts along an axis into pieces of these sizes. */
export function split(x: Tensor, sizes: readonly number[], axis: number): readonly Tensor[] {
  const whole = sizes.length === 1 && x.shape[frontAxis("Split", axis, x.shape)] === sizes[0];
  return whole ? [x] : layout.Split.apply([x], { axis, sizes });
}

/** From `start` to before `end` along an axis; negative places count from the end, which is the default. */
export function slice(x: Tensor, axis: number, start: number, end = toTheEnd): Tensor {
  return layout.Slice.apply([x], { axis, start, end })[0];
}

/** Zeros before and after, along one axis. */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  const at = frontAxis("Pad", axis, x.shape);
  if (before === 0 && after === 0) return x;
  const on = (count: number) => x.shape.map((_, each) => (each === at ? count : 0));
  return layout.Pad.apply([x], { before: on(before), after: on(after) })[0];
}

/** Zeros of a tensor's type and shape. */
export function zeros({ type, shape }: TensorType): Tensor {
  return expand(constant(0, { type }), shape);
}
