/**
 * @file The header of a safetensors file: which tensor lies where. Everything is checked here, once.
 *
 * Source: https://huggingface.co/docs/safetensors, "Format". Eight bytes hold the size of the header, little-endian; then
 * comes the header, a JSON object in UTF-8, which spaces may follow; then the bytes of the tensors, without gaps.
 */
import { z } from "zod";
import { parseJson } from "../util/json.ts";
import { findDuplicateKey } from "./duplicate-key.ts";
import { type ElementType, elementTypes } from "./element-type.ts";
import { CheckpointError, formatShape, quoted } from "./error.ts";

export interface TensorEntry {
  readonly name: string;
  readonly element: ElementType;
  readonly shape: readonly number[];
  /** Bytes from the start of the file, the second not included. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of the header. */
  readonly tensors: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Of the size of the header, in bytes. */
export const sizeLength = 8;
/** As in the reference implementation: no honest header is larger, and a forged one shall not fill the memory. */
const largestHeader = 100_000_000;
/** The one name that is not a tensor's. */
export const metadataName = "__metadata__";

const offset = z.int().min(0);
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(offset),
  data_offsets: z.tuple([offset, offset]),
});

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * @param path whose bytes they are, for messages.
 * @throws CheckpointError for anything that the specification does not allow, and for element types that hold no numbers.
 */
export function readHeader(bytes: Uint8Array, path: string): SafetensorsHeader {
  const start = sizeLength + headerSize(bytes, path);
  const json = parseHeader(bytes.subarray(sizeLength, start), path);
  const entries = Object.entries(json);
  const tensors = entries
    .filter(([name]) => name !== metadataName)
    .map(([name, entry]) => readEntry(name, entry, start, path));
  expectWhole(tensors, start, bytes.length, path);
  const described = entries.find(([name]) => name === metadataName);
  return { tensors, metadata: described === undefined ? {} : readMetadata(described[1], path) };
}

function foreign(path: string, what: string): CheckpointError {
  return new CheckpointError(
    `found ${path} ${what}, expected a safetensors file: check that it is one, or copy it again`,
    path,
  );
}

function damaged(path: string, what: string): CheckpointError {
  return new CheckpointError(
    `found ${path} ${what}, expected tensors that follow one another: copy it again, or write it anew`,
    path,
  );
}

function headerSize(bytes: Uint8Array, path: string): number {
  if (bytes.length < sizeLength) throw foreign(path, `of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, sizeLength);
  const size = view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true);
  if (size > largestHeader) throw foreign(path, `whose first bytes announce a header of ${size} bytes`);
  if (sizeLength + size > bytes.length) {
    throw foreign(path, `ending at byte ${bytes.length}, within its header of ${size} bytes`);
  }
  return size;
}

function parseHeader(bytes: Uint8Array, path: string): object {
  if (bytes[0] !== "{".charCodeAt(0)) throw foreign(path, "whose header does not begin with {");
  const text = decodeUtf8(bytes);
  if (text === undefined) throw foreign(path, "whose header is not UTF-8");
  const json = parseJson(text);
  if (typeof json !== "object" || json === null) throw foreign(path, "whose header is not JSON");
  const duplicate = findDuplicateKey(text);
  if (duplicate !== undefined) throw foreign(path, `whose header has ${quoted(duplicate)} twice`);
  return json;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function readMetadata(json: unknown, path: string): Readonly<Record<string, string>> {
  if (isMapOfTexts(json)) return json;
  throw foreign(path, `whose ${metadataName} is not a map from text to text`);
}

/** By hand, since a schema of records would drop the name `__proto__`. */
function isMapOfTexts(json: unknown): json is Readonly<Record<string, string>> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return false;
  return Object.values(json).every((text) => typeof text === "string");
}

function readEntry(name: string, json: unknown, start: number, path: string): TensorEntry {
  const parsed = entrySchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw foreign(
      path,
      `whose tensor ${quoted(name)} is wrong at ${issue.path.join(".") || "its entry"} (${issue.message})`,
    );
  }
  const { dtype: type, shape, data_offsets: offsets } = parsed.data;
  const element = elementTypes.get(type);
  if (element === undefined) {
    throw new CheckpointError(
      `found tensor ${quoted(name)} of type ${quoted(type)} in ${path}, expected one of ${[...elementTypes.keys()].join(", ")}: convert it`,
      path,
    );
  }
  const [begin, end] = offsets;
  const expected = shape.reduce((product, length) => product * length, element.size);
  if (end - begin !== expected) {
    throw damaged(
      path,
      `with tensor ${quoted(name)} of type ${type} and shape ${formatShape(shape)} from byte ${begin} to ${end}, which are not ${expected} bytes`,
    );
  }
  return { name, element, shape, begin: start + begin, end: start + end };
}

/** Tensors fill the rest of the file: none beyond its end, none over another, nothing between or after them. */
function expectWhole(tensors: readonly TensorEntry[], start: number, length: number, path: string): void {
  const ordered = [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end);
  const last = ordered.reduce((end, tensor) => Math.max(end, tensor.end), start);
  if (last > length) throw damaged(path, `cut off, with ${last - length} bytes missing at its end`);
  let at = start;
  for (const { name, begin, end } of ordered) {
    if (begin > at) throw damaged(path, `with ${begin - at} bytes of no tensor before ${quoted(name)}`);
    if (begin < at) throw damaged(path, `with tensor ${quoted(name)} beginning inside another`);
    at = end;
  }
  if (at < length) throw damaged(path, `with ${length - at} bytes of no tensor at its end`);
}
