/** @file Readings as text, for tests to compare. */
import {
  eventsOf,
  formatWarning,
  MidiError,
  type MidiEvent,
  type MidiFile,
  type MidiWarning,
  readPerformance,
  tracksOf,
} from "../../src/midi/index.ts";
import { notesOf, type Performance, pedalsOf } from "../../src/music/performance.ts";
import { pitchName } from "../../src/music/pitch.ts";

/** Up to a microsecond, without the zeros behind. */
const short = (time: number) => String(Number(time.toFixed(6)));

/** @example "0.5-1 C4 64" */
export const printNotes = (performance: Performance): readonly string[] =>
  [...notesOf(performance)].map(
    ({ start, end, pitch, velocity }) => `${short(start)}-${short(end)} ${pitchName(pitch)} ${velocity}`,
  );

/** @example "0.5 cc64=127 on lane 0" */
export const printPedals = (performance: Performance): readonly string[] =>
  [...pedalsOf(performance)].map(
    ({ time, controller, value, channel }) => `${short(time)} cc${controller}=${value} on lane ${channel}`,
  );

export const printWarnings = (warnings: readonly MidiWarning[]): readonly string[] =>
  warnings.map(formatWarning);

/** @example "0: 90 3c 40"; "96: ff 51 [7, 161, 32]" */
export const printTracks = (file: MidiFile): readonly (readonly string[])[] =>
  tracksOf(file).map((track) => [...eventsOf(track)].map(printEvent));

const hex = (value: number) => value.toString(16).padStart(2, "0");

function printEvent(event: MidiEvent): string {
  if (event.type === "channel")
    return `${event.tick}: ${hex(event.status)} ${hex(event.data1)} ${hex(event.data2)}`;
  const status = event.type === "meta" ? `ff ${hex(event.meta)}` : hex(event.status);
  return `${event.tick}: ${status} [${event.payload.join(", ")}]`;
}

/** The notes of a file, then what was mended. */
export function hear(bytes: Uint8Array): {
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
} {
  const { performance, warnings } = readPerformance(bytes);
  return { notes: printNotes(performance), warnings: printWarnings(warnings) };
}

/** The sentence of a refusal; throws where there is none. */
export function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof MidiError) return error.message;
    throw error;
  }
  throw new Error("it was not refused");
}
