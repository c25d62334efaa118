/** @module Standard MIDI Files in and out: bytes, events, performances and scores. */
export { largestMidiFile } from "./container.ts";
export { formatWarning, MidiError, type MidiWarning, type MidiWarningKind } from "./error.ts";
export {
  type AlienChunk,
  type Chunk,
  type Division,
  eventsOf,
  type MidiEvent,
  type MidiFile,
  metaType,
  type Track,
  trackFromEvents,
  tracksOf,
} from "./file.ts";
export { type MidiOptions, midiFromPerformance, midiFromScore } from "./from-performance.ts";
export { type MidiReading, readMidi } from "./reader.ts";
export {
  type PerformanceReading,
  performanceFromMidi,
  readPerformance,
  scoreFromMidi,
} from "./to-performance.ts";
export { writeMidi } from "./writer.ts";
