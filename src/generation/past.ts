/** @file What a sequence has heard, as far as processors look back: its last tokens, and where its grammar stands. */
import type { GrammarState } from "../representations/index.ts";
import type { Accompanist } from "./accompanist.ts";

/** As many tokens are kept; it does not grow, however long the music is. */
export const longestLookBack = 4096;

export class Past {
  /** Undefined where anything may follow. */
  readonly grammar: GrammarState | undefined;
  /** The grammar, where some of the music is given. */
  readonly accompanist: Accompanist | undefined;
  readonly #recent = new Int32Array(longestLookBack);
  #count = 0;

  /** @param accompanist in place of a grammar */
  constructor(grammar: GrammarState | undefined, accompanist?: Accompanist) {
    this.grammar = accompanist ?? grammar;
    this.accompanist = accompanist;
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
    const accompanist = this.accompanist?.copy();
    const same = new Past(accompanist ?? this.grammar?.copy(), accompanist);
    same.#recent.set(this.#recent);
    same.#count = this.#count;
    return same;
  }
}
