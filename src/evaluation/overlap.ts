/**
 * @file The classical comparison of two sets (Yang and Lerch 2018): how much the distances between made and real excerpts are
 * distributed like those among real excerpts. For comparison with figures that others publish; the anchored score says more.
 */
import { invariant } from "../util/errors.ts";
import { meanOf } from "../util/statistics.ts";
import type { Descriptions } from "./anchored-score.ts";

export interface Overlap {
  /** Area below both densities: 1 where they are one, 0 where nothing is shared. */
  readonly area: number;
  /** Kullback and Leibler's divergence from real to made, in nats. */
  readonly divergence: number;
}

/** Points at which densities are compared. */
const points = 256;
/** Densities are never quite 0, so that divergences are finite: this share of an even one is added. */
const leastDensity = 1e-6;

/**
 * The overlap of two distributions of Euclidean distances: among the real excerpts, and from each of the made ones to each real one.
 *
 * Densities are estimated with Gaussian kernels of Scott's bandwidth, on one grid for both; the authors' program compares them
 * for the divergence at points of two grids, which makes it depend on their ends.
 *
 * @param real at least two excerpts, none of which is among those that were made
 */
export function overlapOf(made: Descriptions, real: Descriptions): Overlap {
  invariant(made.length > 0 && real.length > 1, "there are distances on both sides");
  const among = real.flatMap((one, i) => real.slice(i + 1).map((other) => distance(one, other)));
  const across = made.flatMap((one) => real.map((other) => distance(one, other)));
  const all = [...among, ...across];
  const low = all.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  const high = all.reduce((most, each) => Math.max(most, each), 0);
  // Where all distances are the same there is nothing that could differ.
  if (high <= low) return { area: 1, divergence: 0 };
  const p = densityOf(among, low, high);
  const q = densityOf(across, low, high);
  return {
    area: p.reduce((sum, each, i) => sum + Math.min(each, q[i]), 0),
    divergence: Math.max(
      0,
      p.reduce((sum, each, i) => sum + each * Math.log(each / q[i]), 0),
    ),
  };
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, each, i) => sum + (each - b[i]) ** 2, 0));
}

/** At the points of a grid, with a sum of 1. */
function densityOf(values: readonly number[], low: number, high: number): Float64Array {
  const step = (high - low) / (points - 1);
  const mean = meanOf(values);
  const deviation = Math.sqrt(meanOf(values.map((each) => (each - mean) ** 2)));
  // A kernel narrower than the grid would fall between its points.
  const bandwidth = Math.max(deviation * values.length ** -0.2, step);
  // Values are shared between the two points beside them, so that kernels are drawn once a point and not once a value.
  const counts = new Float64Array(points);
  for (const each of values) {
    const at = (each - low) / step;
    const left = Math.min(points - 2, Math.floor(at));
    counts[left] += left + 1 - at;
    counts[left + 1] += at - left;
  }
  const kernel = Float64Array.from({ length: points }, (_, i) =>
    Math.exp(-0.5 * ((i * step) / bandwidth) ** 2),
  );
  const density = counts.map((_, i) =>
    counts.reduce((sum, count, j) => sum + count * kernel[Math.abs(i - j)], 0),
  );
  const total = density.reduce((sum, each) => sum + each, 0);
  return density.map((each) => (each / total + leastDensity / points) / (1 + leastDensity));
}
