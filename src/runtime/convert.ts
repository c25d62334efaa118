/** @file Numbers, as the interpreter computes with them, and tensor data, as sessions are fed: from one to the other. */
import { type Numbers, sizeOf } from "../graph/numbers.ts";
import type { DataType } from "../onnx/model.ts";
import { decodeFloat16, encodeFloat16 } from "../util/float16.ts";
import { RuntimeError, type TensorData } from "./session.ts";

/** The same tensor in the array of its element type, with the rounding that this implies. */
export function toTensorData({ type, shape, values }: Numbers): TensorData {
  switch (type) {
    case "float32":
      return { type, shape, data: Float32Array.from(values) };
    case "float64":
      return { type, shape, data: Float64Array.from(values) };
    case "float16":
      return { type, shape, data: encodeFloat16(Float32Array.from(values), new Uint16Array(values.length)) };
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
      return { type, shape, values: Float64Array.from(decodeFloat16(data)) };
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
