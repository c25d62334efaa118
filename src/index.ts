/** @module rubato: MIDI files in, performances out. What most programs need; the rest is in the subpaths. */
export { type Batch, type BatchOptions, type Corpus, createBatches, openCorpus } from "./corpus/index.ts";
export {
  formatWarning,
  MidiError,
  type MidiFile,
  type MidiWarning,
  midiFromPerformance,
  performanceFromMidi,
  readMidi,
  readPerformance,
  writeMidi,
} from "./midi/index.ts";
export {
  createPerformance,
  type Instrument,
  type Note,
  notesOf,
  type Pedal,
  type Performance,
  pedalsOf,
} from "./music/index.ts";
export { openRepresentation, type Representation, type RepresentationName } from "./representations/index.ts";
export { ConfigError, UsageError, UserError } from "./util/errors.ts";
export { createRandom, type Random, type RandomState } from "./util/random.ts";
