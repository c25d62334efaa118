/** @module `generate`: music by a model, as files and as a stream. */
export { processors } from "../../generation/index.ts";
export { type Generated, type GenerateSettings, generate, type Piece } from "./generate.ts";
export { createMusicModel, type MusicModel } from "./music-model.ts";
export { type MusicInput, type MusicOptions, musicSchema } from "./music-options.ts";
export { type GenerateInput, type GenerateOptions, generateSchema } from "./options.ts";
export { type Playable, type PlayRequest, playableOf } from "./stage.ts";
