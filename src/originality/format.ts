/** @file Indexes as files: a library that knows everything, and one in few bytes. */
import { z } from "zod";
import type { CompactLibrary } from "./compact.ts";
import { type Column, damaged, decodeContainer, encodeContainer } from "./container.ts";
import type { Library } from "./library.ts";
import { type Band, passageNotes } from "./originality.ts";

/** Of what an index is. */
export interface Origin {
  /** What the library was made of. */
  readonly corpus: string;
  /** SHA-256 of the corpus's index. */
  readonly fingerprint: string;
  /** Null where the corpus has nobody to compare with. */
  readonly band: Band | null;
}

export interface OriginalityIndex extends Origin {
  readonly library: Library;
}

export interface CompactIndex extends Origin {
  readonly library: CompactLibrary;
}

/** Raised when readers of an older version would misread. */
const version = 2;
const count = z.int().min(0);
const spread = { mean: z.number(), p95: z.number(), most: z.number() };
const headerSchema = z.object({
  version: z.literal(version),
  corpus: z.string(),
  fingerprint: z.string(),
  pieces: z.array(z.object({ name: z.string(), at: count, notes: count })),
  band: z
    .object({
      pieces: count,
      shares: z.array(z.object({ notes: count, ...spread })).length(passageNotes.length),
      longest: z.object(spread),
      allowed: z.number(),
    })
    .nullable(),
});

type Header = z.output<typeof headerSchema>;

function headerOf({ corpus, fingerprint, band, library }: OriginalityIndex | CompactIndex): Header {
  return {
    version,
    corpus,
    fingerprint,
    pieces: library.pieces.map(({ name, at, notes }) => ({ name, at, notes })),
    band: band && { ...band, shares: band.shares.map((each) => ({ ...each })) },
  };
}

interface Read {
  readonly header: Header;
  readonly columns: readonly Uint8Array[];
}

function read(bytes: Uint8Array, magic: string, path: string, columnCount: number): Read {
  const { header, columns } = decodeContainer(bytes, magic, path);
  const parsed = headerSchema.safeParse(header);
  if (!parsed.success || columns.length !== columnCount) {
    throw damaged("an index of another version, or a damaged one,", path);
  }
  return { header: parsed.data, columns };
}

const wholeMagic = "rbtorig1";

export function encodeIndex(index: OriginalityIndex): Uint8Array {
  const { text, suffixes, onsets } = index.library;
  return encodeContainer(wholeMagic, headerOf(index), [text, suffixes, onsets]);
}

/**
 * @param path names the file in what is thrown
 * @throws OriginalityError where the bytes are no index that this version reads
 */
export function decodeIndex(bytes: Uint8Array, path: string): OriginalityIndex {
  const { header, columns } = read(bytes, wholeMagic, path, 3);
  const [text, suffixes, onsets] = columns;
  const { pieces, corpus, fingerprint, band } = header;
  return {
    corpus,
    fingerprint,
    band,
    library: {
      pieces,
      text,
      suffixes: new Int32Array(suffixes.buffer, suffixes.byteOffset, suffixes.length / 4),
      onsets: new Float32Array(onsets.buffer, onsets.byteOffset, onsets.length / 4),
    },
  };
}

const compactMagic = "rbtorigc";
const columnsPerLength = 4;

export function encodeCompactIndex(index: CompactIndex): Uint8Array {
  const { passages, times } = index.library;
  const columns: Column[] = passages.flatMap(({ starts, hashes, pieces, from }) => [
    starts,
    hashes,
    pieces,
    from,
  ]);
  return encodeContainer(compactMagic, headerOf(index), [...columns, times]);
}

/**
 * @param path names the file in what is thrown
 * @throws OriginalityError where the bytes are no compact index that this version reads
 */
export function decodeCompactIndex(bytes: Uint8Array, path: string): CompactIndex {
  const { header, columns } = read(bytes, compactMagic, path, columnsPerLength * passageNotes.length + 1);
  const { pieces, corpus, fingerprint, band } = header;
  const narrow = (column: Uint8Array) => new Uint16Array(column.buffer, column.byteOffset, column.length / 2);
  const times = columns[columns.length - 1];
  return {
    corpus,
    fingerprint,
    band,
    library: {
      pieces,
      passages: passageNotes.map((notes, i) => {
        const [starts, hashes, places, from] = columns.slice(columnsPerLength * i);
        return {
          notes,
          starts: new Uint32Array(starts.buffer, starts.byteOffset, starts.length / 4),
          hashes: narrow(hashes),
          pieces: narrow(places),
          from: narrow(from),
        };
      }),
      times: new Float32Array(times.buffer, times.byteOffset, times.length / 4),
    },
  };
}
