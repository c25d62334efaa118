/** @file A file's bytes → what a corpus keeps of it. Pure, so that it runs in worker threads. */
import { formatWarning, readPerformance } from "../midi/index.ts";
import type { Instrument, Performance } from "../music/performance.ts";
import { openRepresentation } from "../representations/index.ts";
import { UserError } from "../util/errors.ts";
import { packNotes } from "./columns.ts";
import { encodePiece } from "./encode.ts";

export interface PieceRequest {
  readonly bytes: Uint8Array;
  readonly representation: { readonly name: string; readonly config: unknown };
  readonly segmentSeconds: number | undefined;
  /** By the name of a track, who plays it in place of whom the file names. */
  readonly programs?: Readonly<Record<string, Pick<Instrument, "program" | "isDrum">>>;
}

/** What is known of a piece beside its bytes. */
export interface PieceFacts {
  /** Steps of tokens over all segments. */
  readonly length: number;
  /** Steps of each segment; absent for whole pieces. */
  readonly segments?: readonly number[];
  readonly notes: number;
  readonly crossings: number;
  readonly instruments: readonly Instrument[];
  readonly seconds: number;
  readonly warnings: readonly string[];
  /** Equal for files with the same pitches in the same order, whatever their timing. */
  readonly melody: string;
}

export type PieceResult =
  | {
      readonly kind: "taken";
      readonly facts: PieceFacts;
      /** uint16 little-endian, one field after the other. */
      readonly tokens: Uint8Array;
      readonly notes: Uint8Array;
    }
  | { readonly kind: "refused"; readonly why: string };

/** Reads and encodes a piece. What the user's file did wrong is an answer, not an exception. */
export function readPiece(request: PieceRequest): PieceResult {
  const { bytes, representation: wanted, segmentSeconds, programs = {} } = request;
  const representation = openRepresentation(wanted.name, wanted.config);
  try {
    const { performance: read, warnings } = readPerformance(bytes);
    const instruments = read.instruments.map((each) =>
      Object.hasOwn(programs, each.name) ? { ...each, ...programs[each.name] } : each,
    );
    const performance = { ...read, instruments };
    if (performance.notes.count === 0) {
      return { kind: "refused", why: "found a MIDI file without notes, expected music" };
    }
    const segments = encodePiece(performance, representation, segmentSeconds);
    const packed = packNotes(performance);
    const lengths = segments.map((tokens) => tokens.length / representation.fields.length);
    const length = lengths.reduce((sum, each) => sum + each, 0);
    return {
      kind: "taken",
      facts: {
        length,
        ...(segmentSeconds !== undefined && { segments: lengths }),
        notes: performance.notes.count,
        crossings: packed.crossings,
        instruments: performance.instruments,
        seconds: performance.duration,
        warnings: warnings.map(formatWarning),
        melody: hashPitches(performance),
      },
      tokens: packTokens(segments, representation.fields.length, length),
      notes: packed.bytes,
    };
  } catch (error) {
    if (error instanceof UserError) return { kind: "refused", why: error.message };
    throw error;
  }
}

/** Tokens of all segments, field by field, as little-endian uint16. */
function packTokens(segments: readonly Int32Array[], fields: number, length: number): Uint8Array {
  const packed = new Uint16Array(length * fields);
  let step = 0;
  for (const tokens of segments) {
    const steps = tokens.length / fields;
    for (let field = 0; field < fields; field++) {
      const base = field * length + step;
      for (let i = 0; i < steps; i++) packed[base + i] = tokens[i * fields + field];
    }
    step += steps;
  }
  return new Uint8Array(packed.buffer);
}

/** Two multiplicative hashes of the pitch sequence, as 16 hexadecimal digits. */
function hashPitches({ notes: { pitch, count } }: Performance): string {
  let first = 0x811c9dc5;
  let second = count | 0;
  for (let i = 0; i < count; i++) {
    first = Math.imul(first ^ pitch[i], 0x01000193);
    second = Math.imul(second ^ (pitch[i] + 1), 0x85ebca6b) ^ (second >>> 15);
  }
  return [first, second].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
