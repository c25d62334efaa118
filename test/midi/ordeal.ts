/** @file What must hold for any bytes at all: they are refused with one MidiError, or everything that follows works. */
import {
  MidiError,
  midiFromPerformance,
  midiFromScore,
  readMidi,
  readPerformance,
  scoreFromMidi,
  writeMidi,
} from "../../src/midi/index.ts";
import type { Notes, Pedals } from "../../src/music/performance.ts";
import { UsageError } from "../../src/util/errors.ts";
import { differenceOf } from "./difference.ts";

export interface Verdict {
  readonly outcome: "refused" | "clean" | "mended";
  readonly notes: number;
}

/** Throws where a law is broken. */
export function undergo(bytes: Uint8Array): Verdict {
  const reading = refusalOr(() => readMidi(bytes));
  if (reading instanceof MidiError) {
    demand(
      reading.offset >= 0 && reading.offset <= bytes.length,
      `an offset of ${reading.offset} in a refusal`,
    );
    demand(
      /^MIDI, byte \d+: found .+, expected .+$/.test(reading.message),
      `the sentence "${reading.message}"`,
    );
    return { outcome: "refused", notes: 0 };
  }
  const { file, warnings } = reading;
  for (const { found, done, offset } of warnings) {
    demand(found !== "" && done !== "" && Number.isInteger(offset), "a warning without data");
  }

  const written = writeMidi(file);
  const again = readMidi(written).file;
  const difference = differenceOf(file, again);
  demand(difference === undefined, `written and read again: ${difference}`);
  demand(Buffer.compare(writeMidi(again), written) === 0, "written twice, the bytes differ");

  const { performance } = readPerformance(bytes);
  demandSane(performance.notes, performance.pedals, performance.instruments.length);
  demand(Number.isFinite(performance.duration), `a duration of ${performance.duration}`);
  usageOr(() => midiFromPerformance(performance));

  const { score } = scoreFromMidi(file);
  demandSane(score.notes, score.pedals, score.instruments.length);
  demand(Number.isFinite(score.length), `a length of ${score.length}`);
  demand(score.notes.count === performance.notes.count, "score and performance differ in notes");
  usageOr(() => midiFromScore(score));
  return { outcome: warnings.length === 0 ? "clean" : "mended", notes: performance.notes.count };
}

function refusalOr<Result>(read: () => Result): Result | MidiError {
  try {
    return read();
  } catch (error) {
    if (error instanceof MidiError) return error;
    throw error;
  }
}

/** Music of years does not fit a file; saying so is right. */
function usageOr(write: () => unknown): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  }
}

function demandSane(notes: Notes, pedals: Pedals, instruments: number): void {
  const { count, start, end, pitch, velocity, instrument } = notes;
  for (let i = 0; i < count; i++) {
    demand(
      start[i] >= 0 && end[i] >= start[i] && end[i] < Number.MAX_VALUE,
      `note ${i}: ${start[i]} to ${end[i]}`,
    );
    demand(
      pitch[i] <= 127 && velocity[i] >= 1 && velocity[i] <= 127,
      `note ${i}: ${pitch[i]}, ${velocity[i]}`,
    );
    demand(instrument[i] < instruments, `note ${i}: instrument ${instrument[i]} of ${instruments}`);
    const sorted =
      i === 0 || start[i] > start[i - 1] || (start[i] === start[i - 1] && pitch[i] >= pitch[i - 1]);
    demand(sorted, `note ${i} out of order`);
  }
  for (let i = 0; i < pedals.count; i++) {
    const time = pedals.time[i];
    demand(time >= (i === 0 ? 0 : pedals.time[i - 1]) && time < Number.MAX_VALUE, `pedal ${i} at ${time}`);
    demand(pedals.value[i] <= 127 && [64, 66, 67].includes(pedals.controller[i]), `pedal ${i}`);
  }
}

function demand(condition: boolean, law: string): asserts condition {
  if (!condition) throw new Error(`broken law: ${law}`);
}
