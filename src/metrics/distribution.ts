/** @file Metrics that count: a histogram of each excerpt, all of a set added up, and the divergence of two sets in bits. */
import type { Performance } from "../music/index.ts";
import type { BinAxis } from "./axis.ts";
import type { Metric } from "./metric.ts";

/** Adds to a bin: 1 unless given. */
export type Count = (bin: number, weight?: number) => void;

/**
 * A metric over a histogram. Excerpts add up, so that each note (or second) of a set counts alike.
 *
 * @param fill counts one excerpt; bins below 0 and above the last one go to the first and to the last
 */
export function distribution(
  bins: number,
  axis: BinAxis,
  fill: (excerpt: Performance, count: Count) => void,
): Pick<Metric, "unit" | "axis" | "describe" | "gather" | "distance"> {
  return {
    unit: "bits",
    axis,
    describe(excerpt) {
      const counts = new Float64Array(bins);
      fill(excerpt, (bin, weight = 1) => {
        counts[Math.min(bins - 1, Math.max(0, bin))] += weight;
      });
      return counts;
    },
    gather(descriptions) {
      const sum = new Float64Array(bins);
      for (const counts of descriptions) for (let i = 0; i < bins; i++) sum[i] += counts[i];
      return sum;
    },
    distance: jensenShannon,
  };
}

/**
 * The divergence of Jensen and Shannon (Lin 1991) between two histograms, in bits: 0 for the same shares, 1 where nothing is
 * shared. Between something and nothing it is 1, between nothing and nothing 0.
 */
export function jensenShannon(a: Float64Array, b: Float64Array): number {
  const totals = [a, b].map((counts) => counts.reduce((sum, count) => sum + count, 0));
  if (totals[0] === 0 || totals[1] === 0) return totals[0] === totals[1] ? 0 : 1;
  let bits = 0;
  for (let i = 0; i < a.length; i++) {
    const p = a[i] / totals[0];
    const q = b[i] / totals[1];
    const middle = (p + q) / 2;
    if (p > 0) bits += (p * Math.log2(p / middle)) / 2;
    if (q > 0) bits += (q * Math.log2(q / middle)) / 2;
  }
  // Equal shares may differ in their last digits.
  return Math.min(1, Math.max(0, bits));
}

/** Which of `bins` bins, evenly spaced on a logarithmic axis from `first` to `last`, a value lies in; beyond both ends, too. */
export function logarithmicBin(value: number, first: number, last: number, bins: number): number {
  if (value <= first) return 0;
  return Math.floor((bins * Math.log(value / first)) / Math.log(last / first));
}
