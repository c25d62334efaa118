/** @file Histograms over TensorFlow's buckets: each a tenth wider than the one before, from 1e-12 to 1e20 on both sides of 0. */

export interface Histogram {
  readonly minimum: number;
  readonly maximum: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Where each bucket ends; a bucket begins where the one before it ends. */
  readonly limits: readonly number[];
  /** How many values lie in each. */
  readonly buckets: readonly number[];
}

/** Source: tensorflow/core/lib/histogram/histogram.cc, InitDefaultBucketsInner. */
const limits: Float64Array = defaultLimits();

function defaultLimits(): Float64Array {
  const positive: number[] = [];
  for (let limit = 1e-12; limit < 1e20; limit *= 1.1) positive.push(limit);
  positive.push(Number.MAX_VALUE);
  return Float64Array.from([...positive.map((limit) => -limit).reverse(), 0, ...positive]);
}

/** Counts what is finite; the rest has no bucket, and a scalar beside it tells of it. */
export function histogramOf(values: Float32Array): Histogram {
  const counts = new Float64Array(limits.length);
  let [minimum, maximum, count, sum, sumOfSquares] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0,
    0,
    0,
  ];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    count++;
    sum += value;
    sumOfSquares += value * value;
    counts[bucketOf(value)]++;
  }
  const extent = count === 0 ? { minimum: 0, maximum: 0 } : { minimum, maximum };
  return { ...extent, count, sum, sumOfSquares, ...joinEmpty(counts) };
}

/** The first bucket whose limit is greater: a value on a limit belongs to the next. */
function bucketOf(value: number): number {
  let low = 0;
  let high = limits.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (limits[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Empty neighbours become one bucket, as in Histogram::EncodeToProto: most of the 1,500 are empty. */
function joinEmpty(counts: Float64Array): Pick<Histogram, "limits" | "buckets"> {
  const ends: number[] = [];
  const buckets: number[] = [];
  counts.forEach((count, i) => {
    if (count === 0 && buckets.at(-1) === 0) ends[ends.length - 1] = limits[i];
    else {
      ends.push(limits[i]);
      buckets.push(count);
    }
  });
  return { limits: ends, buckets };
}
