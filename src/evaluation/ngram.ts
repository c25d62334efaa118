/**
 * @file n-grams: what counting alone foretells, and what every model has to beat. Interpolated Witten–Bell smoothing
 * (Witten and Bell 1991; Chen and Goodman 1999, 2.6): the more different tokens a context was followed by, the more of
 * it is left to the shorter context, and the shortest leaves its share to all tokens alike.
 *
 * A piece begins with no context: its first token is foretold by the unigram, its second by the bigram. All tokens of a
 * piece count. Nothing is counted, or remembered, across pieces.
 */
import type { Column } from "../music/performance.ts";
import { invariant } from "../util/errors.ts";
import type { Random } from "../util/random.ts";
import { ContextTree, nowhere, root } from "./context-tree.ts";

export class NGram {
  /** The longest sequence that is counted: 3 for trigrams. */
  readonly order: number;
  readonly vocabularySize: number;
  readonly #tree = new ContextTree();

  /** Of nothing yet: every token is as likely as any other. */
  constructor({ order, vocabularySize }: { readonly order: number; readonly vocabularySize: number }) {
    invariant(order >= 1 && vocabularySize >= 1, "n-grams have an order and a vocabulary");
    this.order = order;
    this.vocabularySize = vocabularySize;
  }

  /** How many different sequences were counted. */
  get size(): number {
    return this.#tree.size - 1;
  }

  /** Learns from a piece. */
  add(tokens: Column): void {
    const contexts = this.#begin();
    for (let i = 0; i < tokens.length; i++) {
      // The longest first, for each becomes the context of the next token that is one longer.
      for (let k = Math.min(i, this.order - 1); k >= 0; k--) {
        const node = this.#tree.visit(contexts[k], tokens[i]);
        if (k + 1 < this.order) contexts[k + 1] = node;
      }
    }
  }

  /** The sum of −log p over all tokens of a piece, by n-grams of every order: those of one token first. */
  nats(tokens: Column): Float64Array {
    const sums = new Float64Array(this.order);
    const contexts = this.#begin();
    for (let i = 0; i < tokens.length; i++) {
      let p = 1 / this.vocabularySize;
      for (let k = 0; k < this.order; k++) {
        p = this.#interpolate(p, contexts[k], tokens[i]);
        sums[k] -= Math.log(p);
      }
      this.#advance(contexts, tokens[i]);
    }
    return sums;
  }

  /** p of every token after a context. */
  distribution(context: Column): Float64Array {
    const contexts = this.#begin();
    for (let i = 0; i < context.length; i++) this.#advance(contexts, context[i]);
    return Float64Array.from({ length: this.vocabularySize }, (_, token) =>
      contexts.reduce((p, each) => this.#interpolate(p, each, token), 1 / this.vocabularySize),
    );
  }

  /** A piece as the n-grams would have it: each token drawn from the distribution after those before it. */
  draw(length: number, random: Random): Int32Array {
    const contexts = this.#begin();
    return Int32Array.from({ length }, () => {
      const token = this.#drawNext(contexts, random);
      this.#advance(contexts, token);
      return token;
    });
  }

  /** As smoothing has it: from what followed the longest context, or else, T times of N + T, by the one that is shorter. */
  #drawNext(contexts: Int32Array, random: Random): number {
    const { followers, kinds } = this.#tree;
    for (let k = this.order - 1; k >= 0; k--) {
      const context = contexts[k];
      if (context === nowhere || followers[context] === 0) continue;
      const at = Math.floor(random.next() * (followers[context] + kinds[context]));
      if (at < followers[context]) return this.#tree.followerAt(context, at);
    }
    return random.integer(this.vocabularySize);
  }

  /** Contexts of 0, 1, … tokens at the beginning of a piece, where only the empty one is known. */
  #begin(): Int32Array {
    const contexts = new Int32Array(this.order).fill(nowhere);
    contexts[0] = root;
    return contexts;
  }

  #advance(contexts: Int32Array, token: number): void {
    for (let k = this.order - 1; k > 0; k--) {
      contexts[k] = contexts[k - 1] === nowhere ? nowhere : this.#tree.find(contexts[k - 1], token);
    }
  }

  /** p by a context, from p by the context that is one shorter. */
  #interpolate(shorter: number, context: number, token: number): number {
    if (context === nowhere) return shorter;
    const { followers, kinds, count } = this.#tree;
    // What a piece ended with has never been a context.
    if (followers[context] === 0) return shorter;
    const node = this.#tree.find(context, token);
    const seen = node === nowhere ? 0 : count[node];
    return (seen + kinds[context] * shorter) / (followers[context] + kinds[context]);
  }
}
