/** @file What many numbers come to. */

/** 0 for none. */
export function meanOf(numbers: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i];
  return numbers.length > 0 ? sum / numbers.length : 0;
}

/**
 * Between the two numbers that lie nearest to that share of them.
 *
 * @param sorted at least one number, the least first
 * @param share 0 for the least, 1 for the most
 */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * (sorted[Math.ceil(at)] - sorted[low]);
}

/** Bits, of the shares that counts have of their sum; 0 where there are none. */
export function entropyOf(counts: ArrayLike<number>): number {
  const all = Array.from(counts);
  const total = all.reduce((sum, count) => sum + count, 0);
  return all.reduce(
    (bits, count) => (count > 0 ? bits - (count / total) * Math.log2(count / total) : bits),
    0,
  );
}
