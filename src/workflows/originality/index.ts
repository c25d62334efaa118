/** @module `originality`: whether music is a copy. */
export type { Band, Match, Verdict } from "../../originality/index.ts";
export {
  compactIndexFile,
  indexOfModel,
  type OriginalityOfPiece,
  originalityOfPiece,
  sharedIndexFile,
} from "./of-model.ts";
export { type OriginalityInput, originalitySchema } from "./options.ts";
export { type FileOriginality, type OriginalityReport, originality } from "./originality.ts";
