/** @file Axes: round ticks that can be told apart, and extents that bear whatever was measured. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { briefly, extentOf, focusedExtentOf, numberTicks } from "./axis.ts";

const labels = (from: number, to: number, most: number) =>
  numberTicks({ from, to }, most).map(({ label }) => label);

describe("numberTicks", () => {
  it("writes all numbers of an axis in one unit", () => {
    expect(labels(0, 24_000, 5)).toEqual(["0", "5k", "10k", "15k", "20k"]);
    expect(labels(0, 2_400_000, 5)).toEqual(["0", "0.5M", "1.0M", "1.5M", "2.0M"]);
    expect(labels(2, 2.5, 3)).toEqual(["2.0", "2.2", "2.4"]);
    expect(labels(0, 3e-4, 4)).toEqual(["0", "1e-4", "2e-4", "3e-4"]);
    expect(labels(-1e-5, 1.2e-3, 3)).toEqual(["0", "5e-4", "1e-3"]);
    expect(labels(-2, 2, 4)).toEqual(["-2", "-1", "0", "1", "2"]);
  });

  it("has distinct labels within the axis, and no more than asked for", () => {
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    const size = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(number, size, fc.integer({ min: 1, max: 20 }), (from, length, most) => {
        // Beyond that, neighbouring numbers are one and the same to whoever reads ten digits.
        fc.pre(length > Math.abs(from) * 1e-3);
        const ticks = numberTicks({ from, to: from + length }, most);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
      }),
    );
  });
});

describe("extents", () => {
  it("pass over what is not finite, and are never empty", () => {
    expect(extentOf([1, Number.NaN, 3, Number.POSITIVE_INFINITY])).toEqual({ from: 1, to: 3 });
    expect(extentOf([])).toEqual({ from: 0, to: 1 });
    expect(extentOf([0])).toEqual({ from: -1, to: 1 });
    expect(extentOf([2, 2])).toEqual({ from: 1.8, to: 2.2 });
  });

  it("leave out the highest few where these would hide the rest, and only there", () => {
    const flat = Array.from({ length: 100 }, (_, i) => 2 + i / 1000);
    expect(focusedExtentOf([[9, 8, ...flat]])).toEqual({ from: 2, to: 2.098 });
    expect(focusedExtentOf([[2.15, ...flat]]).to).toBe(2.15);
    expect(focusedExtentOf([[9, 2]])).toEqual({ from: 2, to: 9 });
  });
});

describe("briefly", () => {
  it("writes four digits", () => {
    expect([2.31449, 12_345.6, 0.0003, 0, Number.NaN].map(briefly)).toEqual([
      "2.314",
      "12,350",
      "3e-4",
      "0",
      "NaN",
    ]);
  });
});
