/** @file Music from a few numbers, for a model to go on from: a chord, notes in a row, or a melody as Magenta's generators take it. */
import { createPerformance, type Performance } from "./performance.ts";

/** Seconds that a chord sounds, and how loud (REPRESENTATIONS 1.7). */
const chordSeconds = 0.5;
const velocity = 100;
/** Four to a quarter, at 120 quarters a minute. */
const secondsPerItem = 0.125;

/** A quarter, at the same tempo. */
const secondsPerNote = 0.5;

/** What an item of a melody says when it is no pitch. */
export const melodyHold = -2;
export const melodyOff = -1;

/** All pitches at once. */
export function performanceOfChord(pitches: readonly number[]): Performance {
  const notes = pitches.map((pitch) => ({ start: 0, end: chordSeconds, pitch, velocity }));
  return createPerformance({ notes, duration: chordSeconds });
}

/** One after the other, a quarter each. */
export function performanceOfPitches(pitches: readonly number[]): Performance {
  const notes = pitches.map((pitch, i) => ({
    start: i * secondsPerNote,
    end: (i + 1) * secondsPerNote,
    pitch,
    velocity,
  }));
  return createPerformance({ notes });
}

/** One voice, an item each eighth of a second: a pitch strikes, -2 holds on to what there is, -1 ends it. */
export function performanceOfMelody(items: readonly number[]): Performance {
  const notes: { start: number; end: number; pitch: number; velocity: number }[] = [];
  let sounds = false;
  for (const [i, item] of items.entries()) {
    const start = i * secondsPerItem;
    const last = notes.at(-1);
    if (item === melodyOff) sounds = false;
    else if (item !== melodyHold) notes.push({ start, end: start + secondsPerItem, pitch: item, velocity });
    else if (sounds && last) last.end = start + secondsPerItem;
    sounds ||= item >= 0;
  }
  return createPerformance({ notes, duration: items.length * secondsPerItem });
}
