/** @file What many numbers come to. */

/** 0 for none. */
export function meanOf(numbers: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i];
  return numbers.length > 0 ? sum / numbers.length : 0;
}

/** Of the whole, not of a sample; 0 for none. */
export function standardDeviationOf(numbers: ArrayLike<number>): number {
  const mean = meanOf(numbers);
  return Math.sqrt(meanOf(Array.from(numbers, (number) => (number - mean) ** 2)));
}

/** Pearson's correlation of as many numbers; NaN where either are all alike. */
export function correlationOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [covariance, varianceA, varianceB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    covariance += (a[i] - meanA) * (b[i] - meanB);
    varianceA += (a[i] - meanA) ** 2;
    varianceB += (b[i] - meanB) ** 2;
  }
  return covariance / Math.sqrt(varianceA * varianceB);
}

/** Spearman's rank correlation: Pearson's of ranks, where equals share the mean of theirs. */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return correlationOf(ranksOf(a), ranksOf(b));
}

function ranksOf(numbers: ArrayLike<number>): Float64Array {
  const order = Array.from(numbers, (_, i) => i).sort((i, j) => numbers[i] - numbers[j]);
  const ranks = new Float64Array(numbers.length);
  for (let first = 0, next = 0; first < order.length; first = next) {
    while (next < order.length && numbers[order[next]] === numbers[order[first]]) next++;
    for (let i = first; i < next; i++) ranks[order[i]] = (first + next - 1) / 2;
  }
  return ranks;
}

/** Cosine of the angle between two rows of numbers; 0 where one of them is all zeros. */
export function cosineOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i] * b[i];
    squaresA += a[i] ** 2;
    squaresB += b[i] ** 2;
  }
  return squaresA > 0 && squaresB > 0 ? product / Math.sqrt(squaresA * squaresB) : 0;
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

/**
 * How probable it is that as uneven a count, or a more uneven one, comes of a fair coin: the exact sign test, two-sided
 * (Dixon and Mood 1946). 1 where nothing was counted.
 */
export function signTest(first: number, second: number): number {
  const total = first + second;
  const least = Math.min(first, second);
  // In logarithms, for 2⁻ⁿ is 0 to a computer from a thousand on.
  let logarithm = -total * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= least; k++) {
    if (k > 0) logarithm += Math.log((total - k + 1) / k);
    tail += Math.exp(logarithm);
  }
  return Math.min(1, 2 * tail);
}
