/** @file Drawing: what comes how often, what never comes, and that one number is enough. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../util/random.ts";
import { draw, likeliest, logSumExp } from "./draw.ts";

const logits = Float32Array.of(1, 0, Number.NEGATIVE_INFINITY, 1.5, -0.5);
const shares = [...logits].map((logit) => Math.exp(logit - logSumExp(logits)));

function countsOf(greedyRatio: number, draws: number): readonly number[] {
  const random = createRandom("draws");
  const counts = new Array<number>(logits.length).fill(0);
  for (let i = 0; i < draws; i++) counts[draw(logits, random.next(), greedyRatio)]++;
  return counts;
}

describe("a draw", () => {
  it("follows softmax", () => {
    const [draws, counts] = [20_000, countsOf(0, 20_000)];
    const statistic = shares.reduce(
      (sum, share, i) => sum + (share === 0 ? counts[i] : (counts[i] - draws * share) ** 2 / (draws * share)),
      0,
    );
    // Exceeded once in 10,000 draws of this size, at 3 degrees of freedom.
    expect(statistic).toBeLessThan(21.1);
  });

  it("takes the likeliest as often as it is told to, and follows softmax otherwise", () => {
    const [draws, counts] = [20_000, countsOf(0.4, 20_000)];
    expect(counts[3] / draws).toBeCloseTo(0.4 + 0.6 * shares[3], 1.7);
    expect(counts[0] / draws).toBeCloseTo(0.6 * shares[0], 1.7);
    expect(countsOf(1, 100)[3]).toBe(100);
  });

  it("never is what was ruled out, whatever the number and however large the logits", () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, min: -(2 ** 99), max: 2 ** 99 }), { minLength: 1, maxLength: 20 }),
        fc.nat(),
        fc.double({ noNaN: true, min: 0, max: 1, maxExcluded: true }),
        (values, allowed, uniform) => {
          const given = Float32Array.from(values, (value, i) =>
            i === allowed % values.length || i % 2 === 0 ? value : Number.NEGATIVE_INFINITY,
          );
          const drawn = draw(given, uniform);
          expect(given[drawn]).toBeGreaterThan(Number.NEGATIVE_INFINITY);
        },
      ),
    );
  });

  it("is refused where nothing is left", () => {
    expect(() => draw(new Float32Array(3).fill(Number.NEGATIVE_INFINITY), 0.5)).toThrow("invariant");
    expect(() => draw(Float32Array.of(Number.NaN), 0.5)).toThrow("invariant");
  });

  it("knows the first of the largest", () => expect(likeliest(Float32Array.of(1, 3, 3))).toBe(1));
});
