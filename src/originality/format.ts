/**
 * @file A library as a file: eight bytes that say so, the length of a JSON header, the header, and the columns, each from a
 * multiple of eight bytes on, so that they are used where they lie.
 */
import { z } from "zod";
import { UserError } from "../util/errors.ts";
import type { Library } from "./library.ts";
import { type Band, passageNotes } from "./originality.ts";

/** A file that is no index of originality, or a damaged one, or one of another version. */
export class OriginalityError extends UserError {}

export interface OriginalityIndex {
  /** What the library was made of. */
  readonly corpus: string;
  /** SHA-256 of the corpus's index. */
  readonly fingerprint: string;
  readonly library: Library;
  /** Null where the corpus has nobody to compare with. */
  readonly band: Band | null;
}

const magic = new TextEncoder().encode("rbtorig1");
const version = 1;
const count = z.int().min(0);
const spread = { mean: z.number(), p95: z.number(), most: z.number() };
const headerSchema = z.object({
  version: z.literal(version),
  corpus: z.string(),
  fingerprint: z.string(),
  symbols: count,
  pieces: z.array(z.object({ name: z.string(), at: count, notes: count })),
  band: z
    .object({
      pieces: count,
      shares: z.array(z.object({ notes: count, ...spread })).length(passageNotes.length),
      longest: z.object(spread),
    })
    .nullable(),
});

const aligned = (length: number) => Math.ceil(length / 8) * 8;

export function encodeIndex({ corpus, fingerprint, library, band }: OriginalityIndex): Uint8Array {
  const { text, suffixes, onsets, pieces } = library;
  const header: z.input<typeof headerSchema> = {
    version,
    corpus,
    fingerprint,
    symbols: text.length,
    pieces: pieces.map(({ name, at, notes }) => ({ name, at, notes })),
    band: band && { ...band, shares: band.shares.map((each) => ({ ...each })) },
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const begin = aligned(magic.length + 4 + json.length);
  const columns = [text, suffixes, onsets].map(
    (column) => new Uint8Array(column.buffer, column.byteOffset, column.byteLength),
  );
  const bytes = new Uint8Array(columns.reduce((sum, { length }) => sum + aligned(length), begin));
  bytes.set(magic);
  new DataView(bytes.buffer).setUint32(magic.length, json.length, true);
  bytes.set(json, magic.length + 4);
  let at = begin;
  for (const column of columns) {
    bytes.set(column, at);
    at += aligned(column.length);
  }
  return bytes;
}

/**
 * @param path names the file in what is thrown
 * @throws OriginalityError where the bytes are no index that this version reads
 */
export function decodeIndex(bytes: Uint8Array, path: string): OriginalityIndex {
  const fail = (found: string): never => {
    throw new OriginalityError(
      `found ${found} at ${path}, expected an index of originality: remove it, and it is made anew`,
    );
  };
  if (bytes.length < magic.length + 4 || magic.some((byte, i) => bytes[i] !== byte)) fail("another file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint32(magic.length, true);
  const begin = aligned(magic.length + 4 + headerLength);
  if (begin > bytes.length) fail("a file that is cut off");
  const text = new TextDecoder().decode(bytes.subarray(magic.length + 4, magic.length + 4 + headerLength));
  const parsed = headerSchema.safeParse(parseJson(text));
  if (!parsed.success) return fail("an index of another version, or a damaged one,");
  const { symbols, pieces, band, corpus, fingerprint } = parsed.data;
  const wide = begin + aligned(symbols);
  const end = wide + 2 * aligned(4 * symbols);
  if (bytes.length !== end)
    fail(`${bytes.length.toLocaleString("en")} bytes where there should be ${end.toLocaleString("en")}`);
  // Columns are used where they lie, if they lie well.
  const whole = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset } = whole;
  return {
    corpus,
    fingerprint,
    band,
    library: {
      pieces,
      text: whole.subarray(begin, begin + symbols),
      suffixes: new Int32Array(buffer, byteOffset + wide, symbols),
      onsets: new Float32Array(buffer, byteOffset + wide + aligned(4 * symbols), symbols),
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema refuses it.
    return undefined;
  }
}
