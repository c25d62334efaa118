/** @file Numbers: what a tensor is when it runs in the interpreter, and how flat arrays are walked in any shape. */
import type { DataType } from "../onnx/model.ts";

/** Values of a known shape, row-major. Results are float64, which holds every element type we use exactly. */
export interface Numbers {
  readonly type: DataType;
  readonly shape: readonly number[];
  /** bool is 0 and 1. */
  readonly values: ArrayLike<number>;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** How far apart neighbours along each axis lie. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/**
 * For each element of `shape`, in row-major order, where it lies in an array walked with these strides. Transposing,
 * slicing, repeating and reducing are all walks of this kind.
 */
export function offsetsOf(shape: readonly number[], strides: readonly number[], start = 0): Float64Array {
  const offsets = new Float64Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  let at = start;
  for (let i = 0; i < offsets.length; i++) {
    offsets[i] = at;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]++;
      at += strides[axis];
      if (index[axis] < shape[axis]) break;
      at -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return offsets;
}

/** Strides that walk an array of shape `own` as if it had been repeated to `shape`. */
export function repeatedStrides(own: readonly number[], shape: readonly number[]): number[] {
  const strides = stridesOf(own);
  return shape.map((_, axis) => {
    const at = axis - shape.length + own.length;
    return at < 0 || own[at] === 1 ? 0 : strides[at];
  });
}

/** The nearest whole number; halves go to the even neighbour, as in IEEE 754. */
export function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}

/** The values read at these places. */
export function take(
  { type, values }: Numbers,
  shape: readonly number[],
  offsets: ArrayLike<number>,
): Numbers {
  const taken = new Float64Array(offsets.length);
  for (let i = 0; i < taken.length; i++) taken[i] = values[offsets[i]];
  return { type, shape, values: taken };
}
