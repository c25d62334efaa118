/** @file What metrics read off an excerpt: notes that have a pitch, intervals between them, moments at which something begins. */
import type { Notes, Performance } from "../music/index.ts";
import { notesFromColumns } from "../music/performance.ts";

/** Onsets that lie no further apart than this are one moment: a chord, as hands play it. */
export const chordSeconds = 0.03;

/** Notes without those of drums, which have no pitch. */
export function pitchedNotes({ notes, instruments }: Performance): Notes {
  if (!instruments.some(({ isDrum }) => isDrum)) return notes;
  const kept = Array.from({ length: notes.count }, (_, i) => i).filter(
    (i) => !instruments[notes.instrument[i]].isDrum,
  );
  return notesFromColumns({
    start: Float64Array.from(kept, (i) => notes.start[i]),
    end: Float64Array.from(kept, (i) => notes.end[i]),
    pitch: Uint8Array.from(kept, (i) => notes.pitch[i]),
    velocity: Uint8Array.from(kept, (i) => notes.velocity[i]),
    instrument: Uint16Array.from(kept, (i) => notes.instrument[i]),
  });
}

/** From each note to the next in the order of onsets: one fewer than there are notes. */
export function intervalsOf({ count, pitch }: Notes): Int16Array {
  return Int16Array.from({ length: Math.max(0, count - 1) }, (_, i) => pitch[i + 1] - pitch[i]);
}

/** When something begins, in seconds: the first onset of each moment. */
export function momentsOf({ count, start }: Notes): readonly number[] {
  const moments: number[] = [];
  for (let i = 0; i < count; i++) {
    if (i === 0 || start[i] - start[i - 1] > chordSeconds) moments.push(start[i]);
  }
  return moments;
}

/** Notes of each pitch class, of the notes from an index on. */
export function pitchClassCounts({ count, pitch }: Notes, from = 0, to = count): Float64Array {
  const counts = new Float64Array(12);
  for (let i = from; i < Math.min(to, count); i++) counts[pitch[i] % 12]++;
  return counts;
}
