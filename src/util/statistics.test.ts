/** @file Means, quantiles and entropies, by hand. */
import { expect, test } from "vitest";
import { entropyOf, meanOf, quantileOf } from "./statistics.ts";

test("means", () => {
  expect(meanOf([])).toBe(0);
  expect(meanOf(Float64Array.of(1, 2, 6))).toBe(3);
});

test.each([
  [0, 1],
  [0.5, 3],
  [0.625, 4],
  [1, 9],
])("the quantile of %f", (share, value) => {
  expect(quantileOf([1, 2, 3, 5, 9], share)).toBe(value);
  expect(quantileOf([7], share)).toBe(7);
});

test("entropies", () => {
  expect(entropyOf([])).toBe(0);
  expect(entropyOf([0, 0])).toBe(0);
  expect(entropyOf([0, 5])).toBe(0);
  expect(entropyOf(Float64Array.of(1, 1, 1, 1))).toBeCloseTo(2, 12);
  expect(entropyOf([1, 3])).toBeCloseTo(0.25 * 2 + 0.75 * Math.log2(4 / 3), 12);
});
