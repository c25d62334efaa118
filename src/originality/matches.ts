/** @file Matches: from each note of a piece on, the longest passage that the library has as well. */
import type { Library } from "./library.ts";

export interface Matches {
  /** Symbols that match from each symbol of the piece on. */
  readonly lengths: Int32Array;
  /** Where in the library's text the longest passage of each begins; anywhere for a length of 0. */
  readonly places: Int32Array;
}

/** Matching statistics (Chang and Lawler 1994) by bisection of the suffixes, from each symbol of the piece. */
export function matchesOf(
  symbols: Uint8Array,
  { text, suffixes }: Pick<Library, "text" | "suffixes">,
): Matches {
  const lengths = new Int32Array(symbols.length);
  const places = new Int32Array(symbols.length);
  for (let from = 0; from < symbols.length; from++) {
    // Suffixes before `low` are smaller, those from `high` on are larger; each has so much in common with the piece.
    let low = -1;
    let high = suffixes.length;
    let commonLow = 0;
    let commonHigh = 0;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const at = suffixes[middle];
      let common = Math.min(commonLow, commonHigh);
      while (
        from + common < symbols.length &&
        at + common < text.length &&
        symbols[from + common] === text[at + common]
      ) {
        common++;
      }
      const isSmaller =
        from + common < symbols.length &&
        (at + common === text.length || text[at + common] < symbols[from + common]);
      if (isSmaller) {
        low = middle;
        commonLow = common;
      } else {
        high = middle;
        commonHigh = common;
      }
    }
    const best = commonLow > commonHigh ? low : high;
    lengths[from] = Math.max(commonLow, commonHigh);
    places[from] = lengths[from] > 0 ? suffixes[best] : 0;
  }
  return { lengths, places };
}
