/** @file Parameters as a safetensors file, which every other program reads too, and back. */
import { invariant } from "../util/errors.ts";
import { encodeFloat16, largestFloat16 } from "../util/float16.ts";
import type { NamedArray, Parameters } from "../util/parameters.ts";
import { CheckpointError, formatShape, quoted } from "./error.ts";
import { metadataName, readHeader, sizeLength } from "./safetensors-header.ts";

/** How numbers are stored: exactly, or in half the bytes with 11 significant bits, for shipping. */
export const precisions = ["float32", "float16"] as const;
export type Precision = (typeof precisions)[number];

const storage = { float32: { type: "F32", size: 4 }, float16: { type: "F16", size: 2 } } as const;

export interface SafetensorsOptions {
  readonly precision?: Precision;
  /** Free text by name, for whoever opens the file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface Safetensors {
  readonly parameters: Parameters;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The bytes of a file: the only copy made of the numbers.
 *
 * @throws CheckpointError where a number is too large for float16.
 */
export function encodeSafetensors(
  parameters: Parameters,
  { precision = "float32", metadata = {} }: SafetensorsOptions = {},
): Uint8Array<ArrayBuffer> {
  const header = encodeHeader(parameters, storage[precision], metadata);
  const length = Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0);
  const bytes = new Uint8Array(header.length + length * storage[precision].size);
  bytes.set(header);
  let at = header.length;
  for (const [name, { data }] of Object.entries(parameters)) {
    at += (precision === "float32" ? putFloat32 : putFloat16)(bytes, at, data, name);
  }
  return bytes;
}

/** With spaces at its end, so that the numbers begin at a multiple of 8 and can be used where they lie. */
function encodeHeader(
  parameters: Parameters,
  { type, size }: { readonly type: string; readonly size: number },
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let at = 0;
  const entries = Object.entries(parameters).map(([name, { shape, data }]) => {
    expectStorable(name, { shape, data });
    const begin = at;
    at += data.length * size;
    return [name, { dtype: type, shape, data_offsets: [begin, at] }] as const;
  });
  const described = Object.keys(metadata).length > 0 ? ([[metadataName, metadata]] as const) : [];
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...described, ...entries])));
  const padded = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(sizeLength + padded).fill(" ".charCodeAt(0));
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true);
  header.set(json, sizeLength);
  return header;
}

function expectStorable(name: string, { shape, data }: NamedArray): void {
  invariant(
    name !== metadataName,
    `a parameter is named ${metadataName}, which safetensors keeps for itself`,
  );
  const count = shape.reduce((product, size) => product * size, 1);
  invariant(count === data.length, `${name} has ${data.length} numbers and the shape ${formatShape(shape)}`);
}

type Put = (bytes: Uint8Array<ArrayBuffer>, at: number, data: Float32Array, name: string) => number;

const putFloat32: Put = (bytes, at, data) => {
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
  return data.byteLength;
};

const putFloat16: Put = (bytes, at, data, name) => {
  const halves = encodeFloat16(data, new Uint16Array(bytes.buffer, at, data.length));
  const infinite = halves.findIndex((half, i) => (half & 0x7fff) === 0x7c00 && Number.isFinite(data[i]));
  if (infinite === -1) return halves.byteLength;
  throw new CheckpointError(
    `found ${data[infinite]} in ${quoted(name)}, expected at most ${largestFloat16} for float16: write float32`,
  );
};

/**
 * What a file holds, as float32. Numbers stored as float32 are not copied: arrays are views of `bytes`, which they keep
 * in memory and share. Integers beyond 2^24 and float64 are rounded.
 *
 * @param path whose bytes they are, for messages.
 * @throws CheckpointError for bytes that the specification does not allow, and for types that hold no numbers.
 */
export function decodeSafetensors(bytes: Uint8Array, path: string): Safetensors {
  const { tensors, metadata } = readHeader(bytes, path);
  const parameters = tensors.map(({ name, element, shape, begin, end }): [string, NamedArray] => {
    const stored = bytes.subarray(begin, end);
    const aligned = stored.byteOffset % element.size === 0 ? stored : new Uint8Array(stored);
    return [name, { shape, data: element.decode(aligned) }];
  });
  return { parameters: Object.fromEntries(parameters), metadata };
}
