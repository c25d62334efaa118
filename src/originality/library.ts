/** @file A library: the music that other music is compared with, put in order so that every passage of it is found at once. */
import type { Performance } from "../music/index.ts";
import { boundary, melodyOf } from "./melody.ts";
import { suffixArray } from "./suffix-array.ts";

export interface LibraryPiece {
  readonly name: string;
  /** Where its symbols begin in the text, and its onsets among all. */
  readonly at: number;
  /** Notes; there is one symbol fewer, and a boundary in its place. */
  readonly notes: number;
}

export interface Library {
  readonly pieces: readonly LibraryPiece[];
  /** Symbols of all pieces, a boundary after each. */
  readonly text: Uint8Array;
  /** All suffixes of the text, in order. */
  readonly suffixes: Int32Array;
  /** Seconds from the beginning of its piece, of each note: one for each symbol of the text. */
  readonly onsets: Float32Array;
}

/** Takes pieces in, one after the other. */
export class LibraryBuilder {
  readonly #pieces: LibraryPiece[] = [];
  readonly #texts: Uint8Array[] = [];
  readonly #onsets: Float32Array[] = [];
  #length = 0;

  /** Pieces of fewer than two notes hold no passage, and are left out. */
  add(name: string, performance: Performance): void {
    const { symbols, onsets } = melodyOf(performance);
    if (symbols.length === 0) return;
    this.#pieces.push({ name, at: this.#length, notes: onsets.length });
    this.#texts.push(symbols, Uint8Array.of(boundary));
    this.#onsets.push(onsets);
    this.#length += onsets.length;
  }

  build(): Library {
    const text = new Uint8Array(this.#length);
    const onsets = new Float32Array(this.#length);
    let at = 0;
    for (const part of this.#texts) {
      text.set(part, at);
      at += part.length;
    }
    at = 0;
    for (const part of this.#onsets) {
      onsets.set(part, at);
      at += part.length;
    }
    return { pieces: [...this.#pieces], text, suffixes: suffixArray(text), onsets };
  }
}

/** Index of the piece that a place in the text belongs to. */
export function pieceIndexAt({ pieces }: Pick<Library, "pieces">, place: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pieces[middle].at <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
