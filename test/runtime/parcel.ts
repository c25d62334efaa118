/** @file Numbers between a test and a page, as bytes: a header in JSON, and behind it the arrays as they lie in memory. */
import { tensorAt } from "../../src/platform/onnxruntime/tensors.ts";
import type { NamedTensors, TensorData } from "../../src/runtime/session.ts";
import { invariant } from "../../src/util/errors.ts";

export interface Parcel<Header> {
  readonly header: Header;
  readonly tensors: NamedTensors;
}

interface Label {
  readonly name: string;
  readonly type: TensorData["type"];
  readonly shape: readonly number[];
  readonly bytes: number;
}

export function pack<Header>({ header, tensors }: Parcel<Header>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(tensors);
  const labels = entries.map(
    ([name, { type, shape, data }]): Label => ({ name, type, shape, bytes: data.byteLength }),
  );
  const text = new TextEncoder().encode(JSON.stringify({ header, labels }));
  const size = entries.reduce((sum, [, { data }]) => sum + data.byteLength, 4 + text.length);
  const parcel = new Uint8Array(size);
  new DataView(parcel.buffer).setUint32(0, text.length);
  parcel.set(text, 4);
  let offset = 4 + text.length;
  for (const [, { data }] of entries) {
    parcel.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return parcel;
}

export function unpack<Header>(parcel: Uint8Array): Parcel<Header> {
  const length = new DataView(parcel.buffer, parcel.byteOffset).getUint32(0);
  const text = new TextDecoder().decode(parcel.subarray(4, 4 + length));
  const { header, labels }: { header: Header; labels: readonly Label[] } = JSON.parse(text);
  const tensors: Record<string, TensorData> = {};
  let offset = 4 + length;
  for (const { name, type, shape, bytes } of labels) {
    // Copied, so that every array begins where its element type may; a Buffer's own slice would not copy.
    const array = new Uint8Array(parcel.subarray(offset, offset + bytes));
    const tensor = tensorAt(array, type, shape);
    invariant(tensor, `a parcel holds ${type}`);
    tensors[name] = tensor;
    offset += bytes;
  }
  return { header, tensors };
}
