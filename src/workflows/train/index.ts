/** @module `train`: a corpus becomes a model. */
export { type Configuration, configurationSchema } from "./configuration.ts";
export { type TrainInput, type TrainOptions, trainSchema } from "./options.ts";
export { type PresetName, presets } from "./presets.ts";
export { type About, type TrainContext, type Trained, train } from "./train.ts";
