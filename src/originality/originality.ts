/** @file How much of a piece a library has, in figures, and how much people's own music has of it. */
import type { Performance } from "../music/index.ts";
import { meanOf, quantileOf } from "../util/statistics.ts";
import { type Library, pieceIndexAt } from "./library.ts";
import { matchesOf } from "./matches.ts";
import { melodyOf } from "./melody.ts";

/** Notes of the passages that are counted: short enough to be found by chance, and too long for that. */
export const passageNotes = [8, 12, 16] as const;

/** A passage that both have. */
export interface Match {
  readonly notes: number;
  /** Seconds in the piece that was looked at. */
  readonly from: number;
  readonly to: number;
  /** Where the library has it. */
  readonly piece: string;
  readonly pieceFrom: number;
  readonly pieceTo: number;
}

export interface Originality {
  readonly notes: number;
  /** Of the passages of so many notes, the share that the library has; 0 where the piece is shorter. */
  readonly shares: readonly { readonly notes: number; readonly share: number }[];
  /** The first of the longest; null where not even two notes are shared. */
  readonly longest: Match | null;
}

/** Looks a piece up in a library, whatever its key and its tempo. */
export function originalityOf(performance: Performance, library: Library): Originality {
  const { symbols, onsets } = melodyOf(performance);
  const { lengths, places } = matchesOf(symbols, library);
  let longest = -1;
  for (let i = 0; i < lengths.length; i++) {
    if (lengths[i] > 0 && (longest < 0 || lengths[i] > lengths[longest])) longest = i;
  }
  return {
    notes: onsets.length,
    shares: passageNotes.map((notes) => ({ notes, share: shareOf(lengths, notes - 1) })),
    longest: longest < 0 ? null : matchAt(longest, lengths[longest], places[longest], onsets, library),
  };
}

/** Of the places where so many symbols begin, those at which as many match. */
function shareOf(lengths: Int32Array, symbols: number): number {
  const passages = lengths.length - symbols + 1;
  if (passages <= 0) return 0;
  let found = 0;
  for (let i = 0; i < passages; i++) if (lengths[i] >= symbols) found++;
  return found / passages;
}

function matchAt(from: number, length: number, place: number, onsets: Float32Array, library: Library): Match {
  return {
    notes: length + 1,
    from: onsets[from],
    to: onsets[from + length],
    piece: library.pieces[pieceIndexAt(library, place)].name,
    pieceFrom: library.onsets[place],
    pieceTo: library.onsets[place + length],
  };
}

/** What people share with a library that they are not part of. */
export interface Band {
  readonly pieces: number;
  readonly shares: readonly {
    readonly notes: number;
    readonly mean: number;
    readonly p95: number;
    readonly most: number;
  }[];
  /** Notes. */
  readonly longest: { readonly mean: number; readonly p95: number; readonly most: number };
  /**
   * In all of these together, 95 of 100 pieces stay within so many times their 95th percentiles. Within each of them
   * do 95 of 100, but not always the same pieces.
   */
  readonly allowed: number;
}

/** With fewer pieces there is no telling what 95 of 100 do. */
export const leastInBand = 20;

export function bandOf(human: readonly Originality[]): Band {
  const single = {
    pieces: human.length,
    shares: passageNotes.map((notes, i) => ({
      notes,
      ...spreadOf(human.map(({ shares }) => shares[i].share)),
    })),
    longest: spreadOf(human.map(({ longest }) => longest?.notes ?? 0)),
  };
  return { ...single, allowed: spreadOf(human.map((each) => excessOf(each, single))).p95 };
}

function spreadOf(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  return { mean: meanOf(sorted), p95: quantileOf(sorted, 0.95), most: quantileOf(sorted, 1) };
}

export type Verdict =
  /** Shares no more with the library than 95 of 100 pieces by people do. */
  | "original"
  /** Shares more than these. */
  | "close"
  /** Shares more than twice as much as anybody whom the band knows. */
  | "copied";

/** By what says most against the piece. */
export function verdictOf(found: Originality, band: Band): Verdict {
  if (pairsOf(found, band).some(([own, { most }]) => own > 2 * most)) return "copied";
  return excessOf(found, band) > band.allowed ? "close" : "original";
}

type Single = Pick<Band, "shares" | "longest">;

function pairsOf({ shares, longest }: Originality, band: Single) {
  return [
    ...shares.map(({ share }, i) => [share, band.shares[i]] as const),
    [longest?.notes ?? 0, band.longest] as const,
  ];
}

/** Where people share nothing, whatever is shared is more; and files hold no infinite numbers. */
const mostExcess = 1e6;

/** How many times what 95 of 100 people share, in that of which it is most. */
function excessOf(found: Originality, band: Single): number {
  return pairsOf(found, band).reduce(
    (most, [own, { p95 }]) => Math.max(most, own === 0 ? 0 : Math.min(mostExcess, own / p95)),
    0,
  );
}
