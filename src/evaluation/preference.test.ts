/** @file Shares of answers and their intervals, against formulas. */
import { describe, expect, it } from "vitest";
import { createRandom } from "../util/random.ts";
import { preferenceOf } from "./preference.ts";

const options = (seed = 0) => ({ resamples: 4000, confidence: 0.95, random: createRandom(seed) });
const answers = (first: number, second: number, ties = 0) => [
  ...new Array<number>(first).fill(1),
  ...new Array<number>(second).fill(0),
  ...new Array<number>(ties).fill(0.5),
];

describe("a preference", () => {
  it("counts no difference as half", () => {
    expect(preferenceOf([answers(6, 2, 4)], options()).value).toBeCloseTo(8 / 12, 12);
    expect(preferenceOf([answers(0, 0, 5)], options())).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
  });

  it("has the interval of a binomial share where one listener answers often", () => {
    const { value, low, high } = preferenceOf([answers(240, 160)], options());
    const half = 1.96 * Math.sqrt((0.6 * 0.4) / 400);
    expect(value).toBe(0.6);
    expect(low).toBeCloseTo(0.6 - half, 2);
    expect(high).toBeCloseTo(0.6 + half, 2);
  });

  it("has a wider one where listeners differ than where they agree", () => {
    const agree = preferenceOf(
      Array.from({ length: 10 }, () => answers(10, 10)),
      options(),
    );
    const differ = preferenceOf(
      Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? answers(19, 1) : answers(1, 19))),
      options(),
    );
    expect(differ.value).toBe(agree.value);
    expect(differ.high - differ.low).toBeGreaterThan(2 * (agree.high - agree.low));
    // Of ten listeners at 0.95 and 0.05: 1.96 times 0.45 / √10.
    expect(differ.high - differ.low).toBeGreaterThan(0.5);
    expect(differ.high - differ.low).toBeLessThan(0.65);
  });

  it("leaves out whoever has not answered, and is the same for the same seed", () => {
    const some = preferenceOf([answers(3, 1), [], answers(2, 2)], options(5));
    expect(some).toEqual(preferenceOf([answers(3, 1), answers(2, 2)], options(5)));
    expect(some.value).toBe(5 / 8);
  });
});
