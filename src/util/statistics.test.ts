/** @file Means, quantiles, entropies and sign tests, by hand. */
import { expect, test } from "vitest";
import { entropyOf, meanOf, quantileOf, signTest } from "./statistics.ts";

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

test.each([
  [8, 2, 0.109375],
  [2, 8, 0.109375],
  [10, 0, 2 / 1024],
  [5, 1, 14 / 64],
  [4, 4, 1],
  [4, 3, 1],
  [0, 0, 1],
  // By fractions of whole numbers, in Python.
  [60, 40, 0.05688793364098079],
  [1100, 900, 8.457089535503927e-6],
])("the sign test of %i to %i", (first, second, p) => {
  expect(signTest(first, second)).toBeCloseTo(p, 12);
});

test("the sign test of thousands, which do not go through 2⁻ⁿ", () => {
  expect(signTest(1000, 1000)).toBe(1);
  expect(signTest(2000, 0)).toBe(0);
});
