/** @file Standard MIDI Files. */
import {
  formatWarning,
  type MidiFile,
  metaType,
  midiFromPerformance,
  performanceFromMidi,
  readMidi,
  tracksOf,
  writeMidi,
} from "../../midi/index.ts";
import { decodeText, plainText } from "../../util/text.ts";
import type { FileFormat } from "./format.ts";

export const midiFormat: FileFormat = {
  name: "midi",
  label: "MIDI",
  endings: [".mid", ".midi"],
  readOnly: [".kar", ".rmi"],
  representation: undefined,
  read(bytes) {
    const reading = readMidi(bytes);
    const { performance, warnings } = performanceFromMidi(reading.file);
    return {
      performance,
      title: titleOf(reading.file),
      warnings: [...reading.warnings, ...warnings].map(formatWarning),
      midi: reading.file,
    };
  },
  write: (performance, { title, made }) =>
    writeMidi(midiFromPerformance(performance, { title, texts: [made] })),
};

/** The name of the first track, unless that plays and is one of several: then it is the name of an instrument. */
function titleOf(file: MidiFile): string {
  const tracks = tracksOf(file);
  const first = tracks.at(0);
  if (first === undefined) return "";
  for (let i = 0; tracks.length > 1 && i < first.count; i++) if ((first.status[i] & 0xf0) === 0x90) return "";
  for (const [index, payload] of first.payloads) {
    if (first.status[index] === 0xff && first.data1[index] === metaType.trackName) {
      return plainText(decodeText(payload));
    }
  }
  return "";
}
