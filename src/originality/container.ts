/**
 * @file Columns of numbers in a file: eight bytes that say what they are, the length of a JSON header, the header, and the columns,
 * each from a multiple of eight bytes on, so that they are used where they lie. Little-endian, as all machines that run this are.
 */
import { z } from "zod";
import { UserError } from "../util/errors.ts";
import { parseJson } from "../util/json.ts";

/** A file that is no index of originality, or a damaged one, or one of another version. */
export class OriginalityError extends UserError {}

export type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array;

const envelopeSchema = z.object({ header: z.unknown(), columns: z.array(z.int().min(0)) });

const aligned = (length: number) => Math.ceil(length / 8) * 8;
/** Of the magic word, and of the length of the header. */
const preamble = 12;

/** @param magic eight characters */
export function encodeContainer(magic: string, header: unknown, columns: readonly Column[]): Uint8Array {
  const parts = columns.map((column) => new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  const envelope: z.input<typeof envelopeSchema> = { header, columns: parts.map(({ length }) => length) };
  const json = new TextEncoder().encode(JSON.stringify(envelope));
  const begin = aligned(preamble + json.length);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + aligned(length), begin));
  bytes.set(new TextEncoder().encode(magic));
  new DataView(bytes.buffer).setUint32(8, json.length, true);
  bytes.set(json, preamble);
  let at = begin;
  for (const part of parts) {
    bytes.set(part, at);
    at += aligned(part.length);
  }
  return bytes;
}

export interface Container {
  readonly header: unknown;
  /** Each begins at a multiple of eight bytes. */
  readonly columns: readonly Uint8Array[];
}

/**
 * @param path names the file in what is thrown
 * @throws OriginalityError where the bytes are something else, or cut off
 */
export function decodeContainer(bytes: Uint8Array, magic: string, path: string): Container {
  if (bytes.length < preamble || new TextDecoder().decode(bytes.subarray(0, 8)) !== magic) {
    throw damaged("another file", path);
  }
  // Columns are used where they lie, if they lie well.
  const whole = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const length = new DataView(whole.buffer, whole.byteOffset).getUint32(8, true);
  const begin = aligned(preamble + length);
  const json = new TextDecoder().decode(whole.subarray(preamble, preamble + length));
  const envelope = envelopeSchema.safeParse(begin <= whole.length ? parseJson(json) : undefined);
  if (!envelope.success) throw damaged("a damaged file", path);
  const { header, columns } = envelope.data;
  const end = columns.reduce((sum, each) => sum + aligned(each), begin);
  if (end !== whole.length) {
    throw damaged(
      `${whole.length.toLocaleString("en")} bytes where there should be ${end.toLocaleString("en")}`,
      path,
    );
  }
  let at = begin;
  return {
    header,
    columns: columns.map((each) => {
      const column = whole.subarray(at, at + each);
      at += aligned(each);
      return column;
    }),
  };
}

export function damaged(found: string, path: string): OriginalityError {
  return new OriginalityError(
    `found ${found} at ${path}, expected an index of originality: remove it, and it is made anew`,
  );
}
