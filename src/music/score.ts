/** @file Score: the same music in quarters, with its tempo map. Its unit is in its type, so nobody has to ask. */
import {
  type Instrument,
  type Notes,
  notesFromColumns,
  type Pedals,
  type Performance,
  pedalsFromColumns,
  performanceOf,
} from "./performance.ts";
import { quartersAt, secondsAt, type TempoMap } from "./tempo.ts";

export interface TimeSignature {
  readonly quarter: number;
  readonly numerator: number;
  readonly denominator: number;
}

export interface KeySignature {
  readonly quarter: number;
  /** Sharps above zero, flats below. */
  readonly sharps: number;
  readonly mode: "major" | "minor";
}

/** As `Performance`, but `notes.start`, `notes.end` and `pedals.time` are in quarters. */
export interface Score {
  readonly notes: Notes;
  readonly pedals: Pedals;
  readonly instruments: readonly Instrument[];
  readonly tempo: TempoMap;
  readonly timeSignatures: readonly TimeSignature[];
  readonly keySignatures: readonly KeySignature[];
  /** Length in quarters. */
  readonly length: number;
}

/** The score played exactly as written. */
export function performScore(score: Score): Performance {
  const { notes, pedals } = mapTimes(score, (quarter) => secondsAt(score.tempo, quarter));
  return performanceOf(notes, pedals, score.instruments, secondsAt(score.tempo, score.length));
}

/** The performance against a tempo map: onsets are where the map puts them, not on a grid. */
export function notatePerformance(performance: Performance, tempo: TempoMap): Score {
  const { notes, pedals } = mapTimes(performance, (second) => quartersAt(tempo, second));
  return {
    notes,
    pedals,
    instruments: performance.instruments,
    tempo,
    timeSignatures: [],
    keySignatures: [],
    length: quartersAt(tempo, performance.duration),
  };
}

/** Rounding may bring two times together, so that the notes have to be put in order again. */
function mapTimes(
  music: { readonly notes: Notes; readonly pedals: Pedals },
  map: (time: number) => number,
): { readonly notes: Notes; readonly pedals: Pedals } {
  const { pitch, velocity, instrument } = music.notes;
  const start = Float64Array.from(music.notes.start, map);
  const end = Float64Array.from(music.notes.end, (time, i) => Math.max(start[i], map(time)));
  return {
    notes: notesFromColumns({ start, end, pitch, velocity, instrument }),
    pedals: pedalsFromColumns({ ...music.pedals, time: Float64Array.from(music.pedals.time, map) }),
  };
}
