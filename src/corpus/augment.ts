/**
 * @file Augmentation: the same music slower or faster, higher or lower. Drawn from note columns before times are
 * quantised, with a seed; a transposition is drawn among those that keep every note in range, so nothing is dropped.
 */
import { z } from "zod";
import { type Column, notesFromColumns, type Performance, performanceOf } from "../music/performance.ts";
import { UsageError } from "../util/errors.ts";
import type { Random } from "../util/random.ts";

export const augmentationSchema = z.object({
  stretch: z
    .array(z.number().positive())
    .min(1)
    .default([0.95, 0.975, 1, 1.025, 1.05])
    .describe("factors that all times are multiplied by; above 1 is slower"),
  lowestTransposition: z.int().max(0).default(-3).describe("semitones downwards at the most"),
  highestTransposition: z.int().min(0).default(3).describe("semitones upwards at the most"),
  lowestPitch: z.int().min(0).max(127).default(0).describe("no note is moved below this pitch"),
  highestPitch: z.int().min(0).max(127).default(127).describe("no note is moved above this pitch"),
});

export type Augmentation = z.output<typeof augmentationSchema>;

export interface Variation {
  readonly stretch: number;
  /** Semitones. */
  readonly transpose: number;
}

/** Draws a variation that this music can take. */
export function drawVariation(
  performance: Performance,
  augmentation: Augmentation,
  random: Random,
): Variation {
  const { stretch, lowestTransposition, highestTransposition, lowestPitch, highestPitch } = augmentation;
  const { notes, instruments } = performance;
  let lowest = 127;
  let highest = 0;
  for (let i = 0; i < notes.count; i++) {
    if (instruments[notes.instrument[i]].isDrum) continue;
    lowest = Math.min(lowest, notes.pitch[i]);
    highest = Math.max(highest, notes.pitch[i]);
  }
  const factor = stretch[random.integer(stretch.length)];
  // Music that leaves the range already is not moved further out.
  const from = Math.max(lowestTransposition, Math.min(0, lowestPitch - lowest));
  const to = Math.min(highestTransposition, Math.max(0, highestPitch - highest));
  return { stretch: factor, transpose: from + random.integer(to - from + 1) };
}

/** All times multiplied by `stretch`. */
export function stretchPerformance(performance: Performance, stretch: number): Performance {
  if (stretch === 1) return performance;
  const { notes, pedals, instruments, duration } = performance;
  const start = scaled(notes.start, stretch);
  const end = scaled(notes.end, stretch);
  return performanceOf(
    // Onsets that rounding brings together are sorted by pitch anew.
    notesFromColumns({ ...notes, start, end }),
    { ...pedals, time: scaled(pedals.time, stretch) },
    instruments,
    duration * stretch,
  );
}

function scaled(times: Column, stretch: number): Float64Array {
  const result = new Float64Array(times.length);
  for (let i = 0; i < result.length; i++) result[i] = times[i] * stretch;
  return result;
}

/**
 * All notes but drums moved by semitones.
 *
 * @throws UsageError where a note would leave the range of MIDI: nothing is dropped, and nothing wraps round.
 */
export function transposePerformance(performance: Performance, semitones: number): Performance {
  if (semitones === 0) return performance;
  const { notes, pedals, instruments, duration } = performance;
  const pitch = new Uint8Array(notes.count);
  for (let i = 0; i < notes.count; i++) {
    const moved = notes.pitch[i] + (instruments[notes.instrument[i]].isDrum ? 0 : semitones);
    if (moved < 0 || moved > 127) {
      throw new UsageError(
        `found a transposition by ${semitones} that takes pitch ${notes.pitch[i]} to ${moved}, expected 0 to 127: draw a smaller one`,
      );
    }
    pitch[i] = moved;
  }
  // Beside drums, which stay, the order by pitch may change.
  return performanceOf(notesFromColumns({ ...notes, pitch }), pedals, instruments, duration);
}
