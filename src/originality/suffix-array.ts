/** @file The suffixes of a text in order: where anything that the text holds is found in as many steps as the text's length has bits. */

/**
 * Sorts all suffixes by prefix doubling (Manber and Myers 1993): in order of their first k symbols they are put in order of the
 * first 2k, for the second half of such a prefix is the first half of a later suffix. Takes as many rounds as the longest repeat
 * has bits, and 20 bytes of memory for each symbol.
 *
 * @returns where each suffix begins, the smallest first; one that is the beginning of another comes before it
 */
export function suffixArray(text: Uint8Array): Int32Array {
  const { length } = text;
  const order = new Int32Array(length);
  const bySecond = new Int32Array(length);
  let rank = Int32Array.from(text);
  let next = new Int32Array(length);
  const starts = new Int32Array(Math.max(256, length) + 1);
  for (let i = 0; i < length; i++) bySecond[i] = i;
  let ranks = 256;
  for (let k = 0; ; k = k === 0 ? 1 : 2 * k) {
    if (k > 0) {
      // In order of their second halves: those that have none, then each whose second half is the next in order.
      let at = 0;
      for (let i = Math.max(0, length - k); i < length; i++) bySecond[at++] = i;
      for (let i = 0; i < length; i++) if (order[i] >= k) bySecond[at++] = order[i] - k;
    }
    // Counting sort by first halves, which keeps the order of the second.
    starts.fill(0, 0, ranks + 1);
    for (let i = 0; i < length; i++) starts[rank[i] + 1]++;
    for (let r = 0; r < ranks; r++) starts[r + 1] += starts[r];
    for (let i = 0; i < length; i++) order[starts[rank[bySecond[i]]]++] = bySecond[i];
    ranks = 0;
    for (let i = 0; i < length; i++) {
      const isNew = i === 0 || !isAlike(rank, order[i - 1], order[i], k);
      if (isNew) ranks++;
      next[order[i]] = ranks - 1;
    }
    [rank, next] = [next, rank];
    if (ranks === length) return order;
  }
}

/** Whether two suffixes have the same first 2k symbols, by the ranks of both halves. */
function isAlike(rank: Int32Array, a: number, b: number, k: number): boolean {
  if (rank[a] !== rank[b]) return false;
  if (k === 0) return true;
  const [secondOfA, secondOfB] = [a + k, b + k];
  if (secondOfA >= rank.length || secondOfB >= rank.length) return false;
  return rank[secondOfA] === rank[secondOfB];
}
