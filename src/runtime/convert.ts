/** @file Numbers, as the interpreter computes with them, and tensor data, as sessions are fed: from one to the other. */
import { type Numbers, roundToEven, sizeOf } from "../graph/numbers.ts";
import type { DataType } from "../onnx/model.ts";
import { RuntimeError, type TensorData } from "./session.ts";

/** The same tensor in the array of its element type, with the rounding that this implies. */
export function toTensorData({ type, shape, values }: Numbers): TensorData {
  switch (type) {
    case "float32":
      return { type, shape, data: Float32Array.from(values) };
    case "float64":
      return { type, shape, data: Float64Array.from(values) };
    case "float16":
      return { type, shape, data: Uint16Array.from(values, toHalf) };
    case "int8":
      return { type, shape, data: Int8Array.from(values) };
    case "uint8":
      return { type, shape, data: Uint8Array.from(values) };
    case "int32":
      return { type, shape, data: Int32Array.from(values) };
    case "int64":
      return { type, shape, data: toInt64(values, sizeOf(shape)) };
    case "bool":
      return { type, shape, data: Uint8Array.from(values, (value) => Number(value !== 0)) };
    case "string":
      throw notNumbers(type);
  }
}

/** The same tensor as numbers; int64 beyond 2^53 loses its last digits. */
export function toNumbers(tensor: TensorData): Numbers {
  const { type, shape, data } = tensor;
  switch (type) {
    case "int64":
      return { type, shape, values: Float64Array.from(data, Number) };
    case "float16":
      return { type, shape, values: Float64Array.from(data, fromHalf) };
    default:
      return { type, shape, values: Float64Array.from(data) };
  }
}

function notNumbers(type: DataType): RuntimeError {
  return new RuntimeError(`found a tensor of ${type}, expected numbers: sessions take no others`);
}

function toInt64(values: ArrayLike<number>, size: number): BigInt64Array {
  const data = new BigInt64Array(size);
  for (let i = 0; i < size; i++) data[i] = BigInt(values[i]);
  return data;
}

/** Largest finite number of IEEE 754 binary16. */
const largestHalf = 65504;

/** The bits of the nearest binary16; halfway cases go to the even one. */
function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  // Halfway from the largest one to what would follow it, everything is rounded up to infinity.
  if (size >= largestHalf + 16) return sign | 0x7c00;
  // Numbers below 2^-14 have that one's spacing, 2^-24.
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const significand = roundToEven(size / 2 ** (exponent - 10));
  return sign | (size < 2 ** -14 ? significand : ((exponent + 14) << 10) + significand);
}

function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
