/** @module Models by name: those that ship, those of runs, those in folders. */
export {
  bundledModels,
  defaultModel,
  type FoundModel,
  findModel,
  locateModel,
  runsFolder,
  steerableModel,
} from "./find.ts";
export { type Pointer, readPointer, writePointer } from "./pointer.ts";
export { expectTokenByToken } from "./token-by-token.ts";
