/** @file What a sequence has heard, as far as processors look back: its last tokens, and where its grammar stands. */
import type { GrammarState } from "../representations/index.ts";
import type { Guide } from "./guide.ts";

/** As many tokens are kept; it does not grow, however long the music is. */
export const longestLookBack = 4096;

export class Past {
  /** Undefined where anything may follow. */
  readonly grammar: GrammarState | undefined;
  /** The grammar, where some of the music is given. */
  readonly guide: Guide | undefined;
  readonly #recent = new Int32Array(longestLookBack);
  #count = 0;

  /** @param guide in place of a grammar */
  constructor(grammar: GrammarState | undefined, guide?: Guide) {
    this.grammar = guide ?? grammar;
    this.guide = guide;
  }

  /** Tokens that can be looked back on. */
  get length(): number {
    return Math.min(this.#count, longestLookBack);
  }

  /** The token so many before the last one: 0 is the last. */
  back(by: number): number {
    return this.#recent[(this.#count - 1 - by) % longestLookBack];
  }

  add(token: number): void {
    this.#recent[this.#count % longestLookBack] = token;
    this.#count++;
    this.grammar?.advance(token);
  }

  copy(): Past {
    const guide = this.guide?.copy();
    const same = new Past(guide ?? this.grammar?.copy(), guide);
    same.#recent.set(this.#recent);
    same.#count = this.#count;
    return same;
  }
}
