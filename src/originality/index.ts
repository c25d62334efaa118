/** @module Originality: whether music is a copy of other music, in whatever key and at whatever tempo. */
export { decodeIndex, encodeIndex, OriginalityError, type OriginalityIndex } from "./format.ts";
export { type Library, LibraryBuilder, type LibraryPiece, pieceAt } from "./library.ts";
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
