/** @file Seeded random numbers. Randomness is always an argument; the state can be saved and taken up again. */

export type RandomState = readonly [number, number, number, number];

export interface Random {
  /** A number in [0, 1) with 32 random bits. */
  next(): number;
  /** An integer in [0, bound). */
  integer(bound: number): number;
  /** A generator of its own, the same for the same label wherever this one stands. */
  fork(label: string | number): Random;
  state(): RandomState;
}

/**
 * The generator sfc32 (Chris Doty-Humphrey, PractRand): small, fast, and equal on every machine.
 *
 * @param seed a number or a text; or a state, to go on where another generator stood.
 */
export function createRandom(seed: number | string | RandomState): Random {
  const root = typeof seed === "object" ? seed.join(",") : String(seed);
  let [a, b, c, counter] = typeof seed === "object" ? seed : mix(root);
  const bits = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  const next = () => bits() / 2 ** 32;
  return {
    next,
    integer: (bound) => Math.floor(next() * bound),
    fork: (label) => createRandom(`${root}/${label}`),
    state: () => [a, b, c, counter],
  };
}

/** Four words from a text, by MurmurHash3's finaliser over an FNV-1a hash. */
function mix(text: string): RandomState {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  const word = () => {
    hash = (hash + 0x9e3779b9) | 0;
    let mixed = hash;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
  return [word(), word(), word(), word()];
}

/** The items in a random order; the list itself stays as it is. */
export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}
