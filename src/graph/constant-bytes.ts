/** @file Numbers as the little-endian bytes of a constant, and back. */
import type { Constant, DataType } from "../onnx/model.ts";
import { GraphError } from "./encoding.ts";
import type { Numbers } from "./numbers.ts";

type Write = (view: DataView, at: number, value: number) => void;
type Read = (view: DataView, at: number) => number;

/** Size in bytes, writer and reader of each element type that graphs hold. */
const elements: Readonly<Partial<Record<DataType, readonly [number, Write, Read]>>> = {
  float32: [
    4,
    (view, at, value) => view.setFloat32(at, value, true),
    (view, at) => view.getFloat32(at, true),
  ],
  float64: [
    8,
    (view, at, value) => view.setFloat64(at, value, true),
    (view, at) => view.getFloat64(at, true),
  ],
  int8: [1, (view, at, value) => view.setInt8(at, value), (view, at) => view.getInt8(at)],
  uint8: [1, (view, at, value) => view.setUint8(at, value), (view, at) => view.getUint8(at)],
  bool: [1, (view, at, value) => view.setUint8(at, value), (view, at) => view.getUint8(at)],
  int32: [4, (view, at, value) => view.setInt32(at, value, true), (view, at) => view.getInt32(at, true)],
  int64: [
    8,
    (view, at, value) => view.setBigInt64(at, BigInt(value), true),
    (view, at) => Number(view.getBigInt64(at, true)),
  ],
};

function element(type: DataType): readonly [number, Write, Read] {
  const found = elements[type];
  if (found !== undefined) return found;
  throw new GraphError(`found a constant of ${type}, expected one of ${Object.keys(elements).join(", ")}`);
}

export function constantBytes({ type, values }: Numbers): Uint8Array {
  const [size, write] = element(type);
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) write(view, i * size, values[i]);
  return bytes;
}

export function constantNumbers({ type, shape, bytes }: Constant): Numbers {
  const [size, , read] = element(type);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    type,
    shape,
    values: Float64Array.from({ length: bytes.length / size }, (_, i) => read(view, i * size)),
  };
}
