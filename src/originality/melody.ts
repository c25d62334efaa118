/**
 * @file Music as originality hears it: the interval from each note to the next in the order of onsets. Neither key nor tempo
 * nor touch changes it.
 */
import type { Performance } from "../music/index.ts";

/** Between pieces: no interval, so that no match goes from one piece to the next. */
export const boundary = 0;
/** The symbol of a repeated note; others lie as many semitones above and below. */
const unison = 128;
/** Notes within one step are a chord, from its lowest note up: as tokens have it, so that recordings and models agree. */
const stepsPerSecond = 100;

/** One symbol for each note but the first, 1 to 255. Drums have no pitch and are left out. */
export function melodyOf(performance: Performance): {
  readonly symbols: Uint8Array;
  /** Seconds, of each note that counts. */
  readonly onsets: Float32Array;
} {
  const { start, pitch } = performance.notes;
  const order = melodyOrder(performance);
  return {
    symbols: Uint8Array.from({ length: Math.max(0, order.length - 1) }, (_, i) => {
      return unison + pitch[order[i + 1]] - pitch[order[i]];
    }),
    onsets: Float32Array.from(order, (note) => start[note]),
  };
}

/** Indices of the notes by step, then pitch. They come nearly in that order. */
function melodyOrder({ notes, instruments }: Performance): readonly number[] {
  const isDrum = instruments.map((instrument) => instrument.isDrum);
  const step = Float64Array.from(notes.start, (seconds) => Math.round(stepsPerSecond * seconds));
  const order: number[] = [];
  for (let i = 0; i < notes.count; i++) {
    if (isDrum[notes.instrument[i]]) continue;
    let at = order.length;
    for (; at > 0; at--) {
      const before = order[at - 1];
      if (step[before] < step[i] || (step[before] === step[i] && notes.pitch[before] <= notes.pitch[i]))
        break;
      order[at] = before;
    }
    order[at] = i;
  }
  return order;
}
