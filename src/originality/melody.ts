/**
 * @file Music as originality hears it: the interval from each note to the next in the order of onsets. Neither key nor tempo
 * nor touch changes it.
 */
import type { Performance } from "../music/index.ts";

/** Between pieces: no interval, so that no match goes from one piece to the next. */
export const boundary = 0;
/** The symbol of a repeated note; others lie as many semitones above and below. */
const unison = 128;

/** One symbol for each note but the first, 1 to 255. Drums have no pitch and are left out. */
export function melodyOf({ notes, instruments }: Performance): {
  readonly symbols: Uint8Array;
  /** Seconds, of each note that counts. */
  readonly onsets: Float32Array;
} {
  const isDrum = instruments.map((instrument) => instrument.isDrum);
  const symbols = new Uint8Array(notes.count);
  const onsets = new Float32Array(notes.count);
  let count = 0;
  let before = 0;
  for (let i = 0; i < notes.count; i++) {
    if (isDrum[notes.instrument[i]]) continue;
    if (count > 0) symbols[count - 1] = unison + notes.pitch[i] - before;
    onsets[count++] = notes.start[i];
    before = notes.pitch[i];
  }
  return { symbols: symbols.slice(0, Math.max(0, count - 1)), onsets: onsets.slice(0, count) };
}
