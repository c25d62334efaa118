/** @file Metrics that tell a number of each excerpt, or several: two sets are as far apart as one has to be moved onto the other. */
import type { Performance } from "../music/index.ts";
import type { Metric } from "./metric.ts";

/**
 * A metric over `size` numbers of each excerpt. A set is all of them in order of size, so that the middle and the spread of
 * a set both count.
 */
export function values(
  unit: string,
  size: number,
  measure: (excerpt: Performance) => readonly number[],
): Pick<Metric, "unit" | "describe" | "gather" | "distance"> {
  return {
    unit,
    describe: (excerpt) => Float64Array.from(measure(excerpt)),
    gather(descriptions) {
      const count = descriptions.length;
      const sorted = new Float64Array(size * count);
      for (let k = 0; k < size; k++) {
        sorted.set(Float64Array.from(descriptions, (each) => each[k]).sort(), k * count);
      }
      return sorted;
    },
    distance(generated, reference) {
      const parts = (set: Float64Array, k: number) =>
        set.subarray((k * set.length) / size, ((k + 1) * set.length) / size);
      let sum = 0;
      for (let k = 0; k < size; k++) sum += earthMovers(parts(generated, k), parts(reference, k));
      return sum / size;
    },
  };
}

export function value(unit: string, measure: (excerpt: Performance) => number) {
  return values(unit, 1, (excerpt) => [measure(excerpt)]);
}

/**
 * The earth mover's distance (Wasserstein's of order 1) between two samples of numbers, in their unit: how far a number has to
 * move in the mean to turn one into the other. Both are sorted, and need not be of one length.
 */
export function earthMovers(a: Float64Array, b: Float64Array): number {
  let distance = 0;
  let i = 0;
  let j = 0;
  // Quantiles of both, from one step of either to the next.
  for (let at = 0; i < a.length && j < b.length; ) {
    const next = Math.min((i + 1) / a.length, (j + 1) / b.length);
    distance += (next - at) * Math.abs(a[i] - b[j]);
    at = next;
    if ((i + 1) * b.length <= (j + 1) * a.length) {
      if ((i + 1) * b.length === (j + 1) * a.length) j++;
      i++;
    } else j++;
  }
  return distance;
}
