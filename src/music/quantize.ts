/** @file Onsets and lengths on a grid, of music that is finished. */
import { UsageError } from "../util/errors.ts";
import { notesFromColumns, type Performance, performanceOf } from "./performance.ts";

const noteValue = /^1\/(1|2|4|8|16|32|64)(t?)$/;

/**
 * Seconds between two lines of a grid: a number of seconds, or a note value, of which three triplets take the time of two.
 *
 * @example gridSeconds("0.25") → 0.25; gridSeconds("1/8") → 0.25; gridSeconds("1/8t", 60) → 0.333…
 * @param bpm quarters a minute; 120 unless given
 * @throws UsageError for anything else
 */
export function gridSeconds(text: string, bpm = 120): number {
  const match = noteValue.exec(text.trim());
  if (match) return ((4 / Number(match[1])) * (match[2] === "t" ? 2 / 3 : 1) * 60) / bpm;
  const seconds = Number(text);
  if (text.trim() !== "" && seconds >= 0.01 && seconds <= 60) return seconds;
  throw new UsageError(
    `found a grid of ${JSON.stringify(text)}, expected seconds from 0.01 to 60 or a note value from 1/1 to 1/64: "0.25", "1/8", "1/8t"`,
  );
}

/**
 * The same notes, each beginning on the nearest line of the grid, and a whole number of its steps long, one at least.
 *
 * Music in one voice stays so: where several of its notes fall on one line, those after the first wait for the lines that
 * follow. Otherwise, of two equal notes on one line the longer is kept, and a note ends before its pitch is struck again.
 * Pedals stay where they were.
 */
export function quantize(performance: Performance, seconds: number): Performance {
  const { notes, pedals, instruments, duration } = performance;
  const { count, velocity, instrument } = notes;
  const line = Int32Array.from(notes.start, (time) => Math.round(time / seconds));
  const isVoice = isOneVoice(performance);
  if (isVoice) for (let i = 1; i < count; i++) line[i] = Math.max(line[i], line[i - 1] + 1);
  const until = Int32Array.from(notes.end, (time, i) => Math.max(line[i] + 1, Math.round(time / seconds)));
  const kept: number[] = [];
  /** By instrument and pitch, the note that was struck last. */
  const struck = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const voice = isVoice ? 0 : instrument[i] * 128 + notes.pitch[i];
    const before = struck.get(voice);
    if (before !== undefined && line[before] === line[i]) {
      until[before] = Math.max(until[before], until[i]);
      continue;
    }
    if (before !== undefined) until[before] = Math.min(until[before], line[i]);
    struck.set(voice, i);
    kept.push(i);
  }
  const placed = notesFromColumns({
    start: Float64Array.from(kept, (i) => line[i] * seconds),
    end: Float64Array.from(kept, (i) => until[i] * seconds),
    pitch: Uint8Array.from(kept, (i) => notes.pitch[i]),
    velocity: Uint8Array.from(kept, (i) => velocity[i]),
    instrument: Uint16Array.from(kept, (i) => instrument[i]),
  });
  return performanceOf(placed, pedals, instruments, duration);
}

/** Whether each note has ended when the next begins. */
function isOneVoice({ notes: { count, start, end } }: Performance): boolean {
  for (let i = 1; i < count; i++) if (end[i - 1] > start[i] + 1e-9 || start[i - 1] === start[i]) return false;
  return true;
}
