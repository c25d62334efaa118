/**
 * @file A tree of contexts: how often each token came after each sequence of tokens, in typed arrays. What millions of
 * tokens hold of threes is a few million nodes, 32 bytes and a place or two in a hash table each.
 */

/** The empty context, from which all others grow. */
export const root = 0;
/** No such node. */
export const nowhere = -1;

export class ContextTree {
  /** How often each node was visited. */
  count = new Uint32Array(1024);
  /** How many visits each node's children had altogether: what is known of it as a context. */
  followers = new Uint32Array(1024);
  /** How many different children each node has. */
  kinds = new Uint32Array(1024);
  #parent = new Uint32Array(1024);
  #token = new Uint32Array(1024);
  /** Children of a node hang in a chain: the newest first, 0 at its end, which is no node's child. */
  #firstChild = new Uint32Array(1024);
  #nextSibling = new Uint32Array(1024);
  /** Node by hash of parent and token, plus one; 0 where there is none. */
  #table = new Uint32Array(4096);
  #size = 1;

  get size(): number {
    return this.#size;
  }

  /** Counts one more visit of a token after a context; answers the node of both together. */
  visit(context: number, token: number): number {
    let place = this.#place(context, token);
    if (this.#table[place] === 0) {
      if (this.#size === this.count.length) {
        this.#grow();
        place = this.#place(context, token);
      }
      this.#parent[this.#size] = context;
      this.#token[this.#size] = token;
      this.#nextSibling[this.#size] = this.#firstChild[context];
      this.#firstChild[context] = this.#size;
      this.kinds[context]++;
      this.#table[place] = ++this.#size;
    }
    const node = this.#table[place] - 1;
    this.count[node]++;
    this.followers[context]++;
    return node;
  }

  /** The node of a token after a context, or `nowhere`. */
  find(context: number, token: number): number {
    return this.#table[this.#place(context, token)] - 1;
  }

  /** The token of one of the visits that a context was followed by: the `visit`-th of `followers[context]`, in whatever order. */
  followerAt(context: number, visit: number): number {
    let child = this.#firstChild[context];
    for (let left = visit - this.count[child]; left >= 0; left -= this.count[child]) {
      child = this.#nextSibling[child];
    }
    return this.#token[child];
  }

  /** Where the node is, or would be. */
  #place(context: number, token: number): number {
    const mask = this.#table.length - 1;
    let hash = Math.imul(context, 0x9e3779b1) ^ Math.imul(token + 1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    for (let place = (hash ^ (hash >>> 13)) & mask; ; place = (place + 1) & mask) {
      const found = this.#table[place] - 1;
      if (found < 0 || (this.#parent[found] === context && this.#token[found] === token)) return place;
    }
  }

  #grow(): void {
    const wider = (values: Uint32Array) => {
      const result = new Uint32Array(values.length * 2);
      result.set(values);
      return result;
    };
    this.count = wider(this.count);
    this.followers = wider(this.followers);
    this.kinds = wider(this.kinds);
    this.#parent = wider(this.#parent);
    this.#token = wider(this.#token);
    this.#firstChild = wider(this.#firstChild);
    this.#nextSibling = wider(this.#nextSibling);
    this.#table = new Uint32Array(this.#table.length * 2);
    for (let node = 1; node < this.#size; node++) {
      this.#table[this.#place(this.#parent[node], this.#token[node])] = node + 1;
    }
  }
}
