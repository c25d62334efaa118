/** @file Numbers on their way into ONNX Runtime, out of it, and between threads. */
import type { NamedTensors, TensorData } from "../../runtime/session.ts";

/** An array's place in memory, whatever its elements. */
interface Place {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** The tensor whose elements lie there; nothing for an element type that is not ours. */
export function tensorAt(
  { buffer, byteOffset, byteLength }: Place,
  type: string,
  shape: readonly number[],
): TensorData | undefined {
  switch (type) {
    case "float32":
      return { type, shape, data: new Float32Array(buffer, byteOffset, byteLength / 4) };
    case "float64":
      return { type, shape, data: new Float64Array(buffer, byteOffset, byteLength / 8) };
    case "float16":
      return { type, shape, data: new Uint16Array(buffer, byteOffset, byteLength / 2) };
    case "int8":
      return { type, shape, data: new Int8Array(buffer, byteOffset, byteLength) };
    case "uint8":
    case "bool":
      return { type, shape, data: new Uint8Array(buffer, byteOffset, byteLength) };
    case "int32":
      return { type, shape, data: new Int32Array(buffer, byteOffset, byteLength / 4) };
    case "int64":
      return { type, shape, data: new BigInt64Array(buffer, byteOffset, byteLength / 8) };
    default:
      return undefined;
  }
}

/** The same numbers outside shared memory, which ONNX Runtime refuses: a copy only where there is need. */
export function unshared(tensor: TensorData): TensorData {
  return tensor.data.buffer instanceof ArrayBuffer ? tensor : copy(tensor);
}

/**
 * The same numbers in arrays that fill their buffers. Cloning an array that is a view clones the whole buffer behind
 * it, and one of shared memory stays shared.
 */
export function compact(tensors: NamedTensors): NamedTensors {
  return mapValues(tensors, (tensor) => {
    const { buffer, byteLength } = tensor.data;
    return buffer instanceof ArrayBuffer && byteLength === buffer.byteLength ? tensor : copy(tensor);
  });
}

function copy(tensor: TensorData): TensorData {
  const { buffer, byteOffset, byteLength } = tensor.data;
  // Not by `slice`, which copies nothing where the array is a Buffer of Node.
  const bytes = new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength));
  return tensorAt(bytes, tensor.type, tensor.shape) ?? tensor;
}

/** The buffers behind them, each once: what can be handed over instead of copied. */
export function buffersOf(tensors: NamedTensors): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of Object.values(tensors)) {
    if (data.buffer instanceof ArrayBuffer) buffers.add(data.buffer);
  }
  return [...buffers];
}

export function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
