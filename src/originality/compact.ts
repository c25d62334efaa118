/**
 * @file A library in few bytes, to go with a model: hashes of some of its passages, and of the longest of them where they are.
 *
 * Which passages are kept hangs on the passage alone. So of the passages of a piece, those that would have been kept, had they
 * been in the library, are looked up, and the share that is found among them is an estimate of the share among all.
 */
import type { Performance } from "../music/index.ts";
import { type Library, pieceIndexAt } from "./library.ts";
import { boundary, melodyOf } from "./melody.ts";
import { type Match, type Originality, passageNotes } from "./originality.ts";

/** Of so many passages of each length one is kept, a power of two: those of 8 notes recur, and fewer of them do. */
const keepOneOf: Readonly<Record<(typeof passageNotes)[number], number>> = { 8: 16, 12: 8, 16: 8 };
/** Every so many notes the time is kept. */
export const notesPerTime = 128;

/** Passages of one length: the upper half of a hash says in which bucket its lower half is, in order. */
export interface Passages {
  readonly notes: number;
  /** Where each of 65,536 buckets begins, and where the last one ends. */
  readonly starts: Uint32Array;
  readonly hashes: Uint16Array;
  /** Where each passage came first: index of the piece, and of the note in it. Empty where that is not kept. */
  readonly pieces: Uint16Array;
  readonly from: Uint16Array;
}

export interface CompactLibrary {
  readonly pieces: readonly {
    readonly name: string;
    readonly notes: number /** Index of its first time. */;
    readonly at: number;
  }[];
  readonly passages: readonly Passages[];
  /** Seconds, of every 128th note of each piece, from its first on. */
  readonly times: Float32Array;
}

/** Two hashes of a passage: by one it is kept or not, by the other it is found again. */
function hashesOf(
  symbols: Uint8Array,
  from: number,
  length: number,
): { readonly chosen: number; readonly hash: number } {
  let hash = 0x811c9dc5;
  for (let i = from; i < from + length; i++) hash = Math.imul(hash ^ symbols[i], 0x01000193);
  // MurmurHash3's finaliser, twice with different seeds: neighbouring passages share nothing of it.
  return { chosen: mix(hash ^ 0x5bd1e995), hash: mix(hash) };
}

function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const isKept = (chosen: number, notes: (typeof passageNotes)[number]) =>
  (chosen & (keepOneOf[notes] - 1)) === 0;

export function compactLibrary(library: Library): CompactLibrary {
  const times: number[] = [];
  const pieces = library.pieces.map(({ name, notes, at }) => {
    const first = times.length;
    for (let i = 0; i < notes; i += notesPerTime) times.push(library.onsets[at + i]);
    return { name, notes, at: first };
  });
  const longest = passageNotes[passageNotes.length - 1];
  return {
    pieces,
    passages: passageNotes.map((notes) => passagesOf(library, notes, notes === longest)),
    times: Float32Array.from(times),
  };
}

function passagesOf(library: Library, notes: (typeof passageNotes)[number], isPlaced: boolean): Passages {
  const { text } = library;
  const length = notes - 1;
  const found = new Map<number, number>();
  let unbroken = 0;
  for (let end = 0; end < text.length; end++) {
    unbroken = text[end] === boundary ? 0 : unbroken + 1;
    if (unbroken < length) continue;
    const from = end - length + 1;
    const { chosen, hash } = hashesOf(text, from, length);
    if (isKept(chosen, notes) && !found.has(hash)) found.set(hash, from);
  }
  const sorted = [...found].sort(([a], [b]) => a - b);
  const starts = new Uint32Array(65_537);
  for (const [hash] of sorted) starts[(hash >>> 16) + 1]++;
  for (let i = 0; i < 65_536; i++) starts[i + 1] += starts[i];
  const placed = (isPlaced ? sorted : []).map(([, place]) => {
    const piece = pieceIndexAt(library, place);
    return { piece, from: place - library.pieces[piece].at };
  });
  return {
    notes,
    starts,
    hashes: Uint16Array.from(sorted, ([hash]) => hash & 0xffff),
    pieces: Uint16Array.from(placed, ({ piece }) => piece),
    // No piece is so long that a musician would miss its end.
    from: Uint16Array.from(placed, ({ from }) => Math.min(65_535, from)),
  };
}

/** Where a hash stands among the passages, or -1. */
function find({ starts, hashes }: Passages, hash: number): number {
  const bucket = hash >>> 16;
  const wanted = hash & 0xffff;
  let low = starts[bucket];
  let high = starts[bucket + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (hashes[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low < starts[bucket + 1] && hashes[low] === wanted ? low : -1;
}

/**
 * Looks a piece up. Shares are estimates, and the longest match is told from the longest row of passages that were all found: it
 * may be longer by some notes, and time is known to within a few seconds.
 */
export function originalityByHashes(performance: Performance, library: CompactLibrary): Originality {
  const { symbols, onsets } = melodyOf(performance);
  const looked = library.passages.map((passages, k) => lookUp(symbols, passages, passageNotes[k]));
  return {
    notes: onsets.length,
    shares: looked.map((each, k) => ({ notes: passageNotes[k], share: shareFound(each) })),
    longest: longestOf(looked[looked.length - 1], onsets, library),
  };
}

function shareFound(looked: readonly Looked[]): number {
  return looked.length > 0 ? looked.filter(({ at }) => at >= 0).length / looked.length : 0;
}

interface Looked {
  readonly from: number;
  /** Among the passages, or -1. */
  readonly at: number;
}

function lookUp(
  symbols: Uint8Array,
  passages: Passages,
  notes: (typeof passageNotes)[number],
): readonly Looked[] {
  const looked: Looked[] = [];
  for (let from = 0; from + notes - 1 <= symbols.length; from++) {
    const { chosen, hash } = hashesOf(symbols, from, notes - 1);
    if (isKept(chosen, notes)) looked.push({ from, at: find(passages, hash) });
  }
  return looked;
}

function longestOf(looked: readonly Looked[], onsets: Float32Array, library: CompactLibrary): Match | null {
  const { notes, pieces, from } = library.passages[library.passages.length - 1];
  let best: { readonly first: Looked; readonly last: Looked } | undefined;
  let first: Looked | undefined;
  for (const each of looked) {
    if (each.at < 0) {
      first = undefined;
      continue;
    }
    first ??= each;
    if (best === undefined || each.from - first.from > best.last.from - best.first.from)
      best = { first, last: each };
  }
  if (best === undefined) return null;
  const length = best.last.from - best.first.from + notes;
  const piece = pieces[best.first.at];
  const note = from[best.first.at];
  return {
    notes: length,
    from: onsets[best.first.from],
    to: onsets[best.first.from + length - 1],
    piece: library.pieces[piece].name,
    pieceFrom: timeOf(library, piece, note),
    pieceTo: timeOf(library, piece, note + length - 1),
  };
}

/** Between the two times that are known. */
function timeOf({ pieces, times }: CompactLibrary, piece: number, note: number): number {
  const { at, notes } = pieces[piece];
  const last = Math.floor((notes - 1) / notesPerTime);
  const before = Math.min(last, Math.floor(note / notesPerTime));
  const after = Math.min(last, before + 1);
  const share = Math.min(1, (note - before * notesPerTime) / notesPerTime);
  return times[at + before] + share * (times[at + after] - times[at + before]);
}
