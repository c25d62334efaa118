/** @file A corpus, opened: pieces are read one by one, and never all at once. */
import type { Performance } from "../music/performance.ts";
import { openRepresentation, type Representation } from "../representations/index.ts";
import { noteBlockSize, unpackNotes } from "./columns.ts";
import { CorpusError } from "./error.ts";
import { type CorpusIndex, type CorpusPiece, columnsFile, parseIndex, tokenFile } from "./format.ts";

/** Where bytes come from; a Platform's store is one. */
export interface Bytes {
  read(path: string, range?: { readonly offset: number; readonly length: number }): Promise<Uint8Array>;
}

export interface Corpus {
  readonly path: string;
  readonly index: CorpusIndex;
  readonly representation: Representation;
  /** Tokens in a row that belong together: 1, but for a corpus whose fields are told one after the other. */
  readonly unit: number;
  /** Tokens of a piece, one array per segment, fields side by side. */
  tokens(piece: CorpusPiece): Promise<readonly Int32Array[]>;
  /** Notes and pedal crossings of a piece. */
  performance(piece: CorpusPiece): Promise<Performance>;
}

/**
 * Opens a corpus made by `rubato prepare`.
 *
 * @throws CorpusError where the folder holds none, or one of another version.
 */
export async function openCorpus(store: Bytes, path: string): Promise<Corpus> {
  const file = `${path}/index.json`;
  const index = parseIndex(new TextDecoder().decode(await store.read(file)), file);
  const representation = openRepresentation(index.representation.name, index.representation.config);
  const fields = representation.fields.map((field) => `${field.name}:${field.size}`).join(" ");
  const stored = index.fields.map((field) => `${field.name}:${field.size}`).join(" ");
  if (fields !== stored) {
    throw new CorpusError(
      `found a corpus with fields ${stored} in ${path}, expected ${fields} for \`${representation.name}\`: prepare it again`,
    );
  }
  return {
    path,
    index,
    representation,
    unit: 1,
    async tokens(piece) {
      const count = index.fields.length;
      const tokens = new Int32Array(piece.length * count);
      for (let field = 0; field < count; field++) {
        const name = `${path}/${tokenFile(index, piece.split, field, piece.shard)}`;
        const bytes = await store.read(name, { offset: piece.offset * 2, length: piece.length * 2 });
        expectLength(bytes, piece.length * 2, name);
        const column = new Uint16Array(bytes.slice().buffer);
        for (let i = 0; i < column.length; i++) tokens[i * count + field] = column[i];
      }
      return cut(tokens, piece.segments, count);
    },
    async performance(piece) {
      const name = `${path}/${columnsFile(piece.split, piece.shard)}`;
      const length = noteBlockSize(piece.notes, piece.crossings);
      const bytes = await store.read(name, { offset: piece.notesOffset, length });
      expectLength(bytes, length, name);
      return unpackNotes(bytes, piece.notes, piece.crossings, piece.instruments, piece.seconds);
    },
  };
}

function expectLength(bytes: Uint8Array, expected: number, name: string): void {
  if (bytes.length === expected) return;
  throw new CorpusError(
    `found ${name} cut off, expected ${expected - bytes.length} more bytes: prepare the corpus again`,
  );
}

function cut(
  tokens: Int32Array,
  segments: readonly number[] | undefined,
  fields: number,
): readonly Int32Array[] {
  if (segments === undefined) return [tokens];
  let at = 0;
  return segments.map((steps) => {
    const part = tokens.subarray(at, at + steps * fields);
    at += steps * fields;
    return part;
  });
}
