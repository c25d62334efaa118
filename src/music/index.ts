/** @module Music as values: performances in seconds, scores in quarters, and what can be said of them. */
export { changeTempo, scaleVelocities, type Transposed, tempoFactors, transpose } from "./adjust.ts";
export { ensembleOf, joinedBy, partOf } from "./ensemble.ts";
export { excerptOf, stretchOf } from "./excerpt.ts";
export { estimateKey, type Key, type KeyCandidate, keyShares } from "./key.ts";
export {
  type NoteSequence,
  noteSequenceFromPerformance,
  performanceFromNoteSequence,
} from "./note-sequence.ts";
export {
  type Column,
  createPerformance,
  type Instrument,
  type Note,
  type Notes,
  noteAt,
  notesOf,
  type Pedal,
  type Pedals,
  type Performance,
  pedalsOf,
  piano,
} from "./performance.ts";
export { parsePitch, parsePitchClass, pitchClass, pitchName } from "./pitch.ts";
export { programName } from "./program.ts";
export { gridSeconds, quantize } from "./quantize.ts";
export { inScale, nearestInScale, parseScale, type Scale, scaleNames } from "./scale.ts";
export {
  type KeySignature,
  notatePerformance,
  performScore,
  type Score,
  type TimeSignature,
} from "./score.ts";
export type { PedalUse } from "./sounding.ts";
export {
  describePerformance,
  type Histogram,
  type NamedPitch,
  type PerformanceDescription,
} from "./statistics.ts";
export { foldSustain } from "./sustain.ts";
export { createTempoMap, quartersAt, secondsAt, type TempoChange, type TempoMap } from "./tempo.ts";
