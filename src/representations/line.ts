/**
 * @file The top line of music in several voices, or the bottom one: the notes that one would sing along with.
 *
 * The skyline of Uitdenbogerd and Zobel 1998 ("Manipulation of music for melody matching"), the highest note of those that
 * begin together, with two additions for music that was played. Notes of a chord never begin quite together, and of those
 * less than 30 ms apart only the highest counts. And what begins under a longer note of the line is accompaniment: it does
 * not cut the note short.
 */
import { type Notes, notesFromColumns, type Performance } from "../music/performance.ts";
import { toStep } from "./event-stream.ts";

/** From one onset to the next at least: 30 ms. A fast trill is twice as slow. */
export const shortestStep = 3;

/**
 * The notes of the line, each cut where the next one begins, or held as long as its key is: pedals sustain nothing here,
 * for under a pedal nearly every note would last until the next. Drums have no line.
 *
 * The line of a line is the same line.
 */
export function lineOf(
  { instruments }: Pick<Performance, "instruments">,
  voice: "top" | "bottom",
  notes: Notes,
): Notes {
  const { start, end, pitch, velocity, instrument } = notes;
  const onset = (i: number) => toStep(start[i]);
  const release = (i: number) => Math.max(onset(i) + 1, toStep(end[i]));
  const isOutside = (a: number, b: number) => (voice === "top" ? pitch[a] > pitch[b] : pitch[a] < pitch[b]);
  /** Indices of the line so far: neighbours are `shortestStep` apart at least. */
  const line: number[] = [];
  for (let i = 0; i < notes.count; i++) {
    if (instruments[instrument[i]].isDrum) continue;
    let last = line.at(-1);
    while (last !== undefined && onset(i) - onset(last) < shortestStep && isOutside(i, last)) {
      line.pop();
      last = line.at(-1);
    }
    const isKept =
      last === undefined ||
      (onset(i) - onset(last) >= shortestStep && !(isOutside(last, i) && covers(last, i)));
    if (isKept) line.push(i);
  }
  return notesFromColumns({
    start: Float64Array.from(line, (i) => start[i]),
    end: Float64Array.from(line, (i, k) =>
      Math.min(end[i], k + 1 < line.length ? start[line[k + 1]] : end[i]),
    ),
    pitch: Uint8Array.from(line, (i) => pitch[i]),
    velocity: Uint8Array.from(line, (i) => velocity[i]),
    instrument: Uint16Array.from(line, (i) => instrument[i]),
  });

  /** Whether a note of the line sounds for more than half of another: less is one finger late on its key. */
  function covers(of: number, other: number): boolean {
    return release(of) - onset(other) > (release(other) - onset(other)) / 2;
  }
}
