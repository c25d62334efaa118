/** @file Yang and Lerch's overlap: whole for two sets of one kind, nothing for what lies far away, and sane at the ends. */
import { describe, expect, it } from "vitest";
import { createRandom } from "../util/random.ts";
import type { Descriptions } from "./anchored-score.ts";
import { overlapOf } from "./overlap.ts";

/** Normally distributed numbers, by the sum of twelve. */
function around(mean: number, deviation: number, seed: string, count = 64): Descriptions {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += random.next();
    return Float64Array.of(mean + deviation * sum);
  });
}

const real = around(10, 2, "real");

describe("the overlap of two sets", () => {
  it("is nearly whole for two sets of one kind", () => {
    const { area, divergence } = overlapOf(around(10, 2, "made"), real);
    expect(area).toBeGreaterThan(0.9);
    expect(divergence).toBeLessThan(0.05);
  });

  it("is nothing for what lies far away", () => {
    const { area, divergence } = overlapOf(around(200, 2, "made"), real);
    expect(area).toBeLessThan(0.01);
    expect(divergence).toBeGreaterThan(5);
    expect(Number.isFinite(divergence)).toBe(true);
  });

  it("is less the more a set differs, and does not see that all of a set is alike where its middle is right", () => {
    const areas = [0, 2, 4, 8].map((by) => overlapOf(around(10 + by, 2, "made"), real).area);
    expect(areas).toEqual([...areas].sort((a, b) => b - a));
    expect(overlapOf(around(10, 0.01, "made"), real).area).toBeGreaterThan(0.7);
  });

  it("agrees with the integral of two normal densities", () => {
    // Distances among numbers of deviation 1 are |N(0, √2)|, and to numbers 3 away |N(3, √2)|.
    const one = around(0, 1, "one", 300);
    const other = around(3, 1, "other", 300);
    expect(overlapOf(other, one).area).toBeCloseTo(integral(3), 1);
  });

  it("knows nothing to differ where all distances are the same", () => {
    const silence: Descriptions = [Float64Array.of(0), Float64Array.of(0), Float64Array.of(0)];
    expect(overlapOf(silence, silence)).toEqual({ area: 1, divergence: 0 });
  });
});

/** The area below both densities of |N(0, √2)| and |N(away, √2)|. */
function integral(away: number): number {
  const normal = (x: number, mean: number) => Math.exp(-((x - mean) ** 2) / 4) / Math.sqrt(4 * Math.PI);
  const folded = (x: number, mean: number) => normal(x, mean) + normal(-x, mean);
  let sum = 0;
  for (let x = 0; x < 20; x += 0.001) sum += 0.001 * Math.min(folded(x, 0), folded(x, away));
  return sum;
}
