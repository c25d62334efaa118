/** @file Faster, higher, louder: what is done to a performance after it was made. */
import { invariant } from "../util/errors.ts";
import { type Column, notesFromColumns, type Performance } from "./performance.ts";

/** What `changeTempo` takes: from a tenth of the tempo to four times as fast. */
export const tempoFactors = Object.freeze({ least: 0.1, most: 4 });

/** The same music `factor` times as fast: all times shrink by it, those of the pedals too. */
export function changeTempo(performance: Performance, factor: number): Performance {
  const { least, most } = tempoFactors;
  invariant(factor >= least && factor <= most, `a tempo factor of ${factor}, not within ${least} to ${most}`);
  if (factor === 1) return performance;
  const scaled = (column: Column) => Float64Array.from(column, (time) => time / factor);
  const { notes, pedals, duration } = performance;
  return Object.freeze({
    ...performance,
    notes: Object.freeze({ ...notes, start: scaled(notes.start), end: scaled(notes.end) }),
    pedals: Object.freeze({ ...pedals, time: scaled(pedals.time) }),
    duration: duration / factor,
  });
}

export interface Transposed {
  readonly performance: Performance;
  /** Notes that would have left 0 to 127, and were moved back by octaves. */
  readonly moved: number;
}

/** The same music higher by semitones, or lower; drums stay, for their pitches are instruments. */
export function transpose(performance: Performance, semitones: number): Transposed {
  invariant(Number.isInteger(semitones), `a transposition by ${semitones} semitones`);
  if (semitones === 0) return { performance, moved: 0 };
  const { notes, instruments } = performance;
  let moved = 0;
  const pitch = Uint8Array.from(notes.pitch, (old, i) => {
    if (instruments[notes.instrument[i]].isDrum) return old;
    let wanted = old + semitones;
    if (wanted < 0 || wanted > 127) moved++;
    if (wanted < 0) wanted += 12 * Math.ceil(-wanted / 12);
    if (wanted > 127) wanted -= 12 * Math.ceil((wanted - 127) / 12);
    return wanted;
  });
  const { start, end, velocity, instrument } = notes;
  // Octaves may have changed who is lower: notes of one time are sorted by pitch.
  const transposed = notesFromColumns({ start, end, pitch, velocity, instrument });
  return { performance: Object.freeze({ ...performance, notes: transposed }), moved };
}

/** The same music with each velocity times `factor`, rounded, within 1 to 127. */
export function scaleVelocities(performance: Performance, factor: number): Performance {
  invariant(factor >= 0, `a velocity factor of ${factor}`);
  if (factor === 1) return performance;
  const { notes } = performance;
  const velocity = Uint8Array.from(notes.velocity, (old) =>
    Math.min(127, Math.max(1, Math.round(old * factor))),
  );
  return Object.freeze({ ...performance, notes: Object.freeze({ ...notes, velocity }) });
}
