/** @file The element types of safetensors that hold numbers, and each of them as float32. */
import { decodeBfloat16, decodeFloat16 } from "../util/float16.ts";

export interface ElementType {
  /** Bytes per number. */
  readonly size: number;
  /** Little-endian bytes, aligned to `size`, as float32: the nearest ones where the type holds more. */
  readonly decode: (bytes: Uint8Array) => Float32Array;
}

// Typed arrays have the byte order of the machine; no engine of today runs on one that is not little-endian.
const view = <View>(
  Type: new (buffer: ArrayBufferLike, offset: number, length: number) => View,
  { buffer, byteOffset, byteLength }: Uint8Array,
  size: number,
) => new Type(buffer, byteOffset, byteLength / size);

/** By the names that safetensors gives them. F32 is a view of the bytes, not a copy. */
export const elementTypes: ReadonlyMap<string, ElementType> = new Map([
  ["F32", { size: 4, decode: (bytes) => view(Float32Array, bytes, 4) }],
  ["F16", { size: 2, decode: (bytes) => decodeFloat16(view(Uint16Array, bytes, 2)) }],
  ["BF16", { size: 2, decode: (bytes) => decodeBfloat16(view(Uint16Array, bytes, 2)) }],
  ["F64", { size: 8, decode: (bytes) => new Float32Array(view(Float64Array, bytes, 8)) }],
  ["I32", { size: 4, decode: (bytes) => new Float32Array(view(Int32Array, bytes, 4)) }],
  ["I64", { size: 8, decode: (bytes) => Float32Array.from(view(BigInt64Array, bytes, 8), Number) }],
]);
