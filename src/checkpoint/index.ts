/** @module Checkpoints: configurations, parameters and where they came from, as a folder of `config.json` and safetensors. */
export {
  type Checkpoint,
  readCheckpoint,
  readConfig,
  type StoredCheckpoint,
  writeCheckpoint,
} from "./checkpoint.ts";
export { CheckpointError } from "./error.ts";
export { FitError, fitParameters, type Misfits, type Shape } from "./fit.ts";
export type { CheckpointPlatform, CheckpointSource, CheckpointStore, ReadableStore } from "./folder.ts";
export type { CheckpointConfig, NamedConfiguration, Provenance } from "./format.ts";
export { type OpenedCheckpoint, openCheckpoint } from "./open.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  type Precision,
  type Safetensors,
  type SafetensorsOptions,
} from "./safetensors.ts";
export type { OptimiserState, TrainingState } from "./training-state.ts";
export { type Transplanted, transplant } from "./transplant.ts";
