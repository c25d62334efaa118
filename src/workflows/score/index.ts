/** @module `score`: how likely a piece of music is under a model. */
export { type ScoreInput, scoreSchema } from "./options.ts";
export { type Score, score } from "./score.ts";
export type { Moment, Second } from "./surprise.ts";
