/** @module Originality: whether music is a copy of other music, in whatever key and at whatever tempo. */
export { type CompactLibrary, compactLibrary, originalityByHashes } from "./compact.ts";
export { OriginalityError } from "./container.ts";
export {
  type CompactIndex,
  decodeCompactIndex,
  decodeIndex,
  encodeCompactIndex,
  encodeIndex,
  type OriginalityIndex,
} from "./format.ts";
export { type Library, LibraryBuilder, type LibraryPiece } from "./library.ts";
export {
  type Band,
  bandOf,
  leastInBand,
  type Match,
  type Originality,
  originalityOf,
  passageNotes,
  type Verdict,
  verdictOf,
} from "./originality.ts";
