/** @module Generation: models that go on from what they have heard, and the pieces that come of it. */
export type { BeamOptions } from "./beam.ts";
export { type EventTable, eventTable } from "./event-table.ts";
export { stepBefore } from "./fieldwise.ts";
export { guided } from "./guided.ts";
export { type Idiom, idiomOf, type Opening } from "./idiom.ts";
export { type Listener, type Listeners, openListeners } from "./listener.ts";
export { ContextError, createMemory, type Memory } from "./memory.ts";
export { type Length, Meter, stepsPerSecond } from "./meter.ts";
export { type Finish, type Passage, type Place, type PlayOptions, play } from "./play.ts";
export { firstPart, lastPart, padded } from "./primer.ts";
export {
  openProcessors,
  type Processor,
  type ProcessorDefinition,
  type ProcessorName,
  type ProcessorSettings,
  type Processors,
  processors,
} from "./processors/index.ts";
export { openSampler, type Sampler, type SamplerOptions } from "./sampler.ts";
export { openStepper, type Stepper, type StepperOptions } from "./stepper.ts";
export type { TokenTable } from "./token-table.ts";
export { Transcriber } from "./transcriber.ts";
export type { MusicEvent, PlayedNote, Transcript } from "./transcript.ts";
