import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clipByGlobalNorm, globalNorm } from "./clip.ts";

const vector = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });

describe("the global norm", () => {
  test("is the length of all gradients together", () => {
    expect(globalNorm({ a: vector(2, 0, 0, 0, 3), b: { shape: [1, 2], data: Float32Array.of(4, 14) } })).toBe(
      15,
    );
    expect(globalNorm({})).toBe(0);
    expect(globalNorm({ empty: vector() })).toBe(0);
  });

  test("does not depend on how the numbers are cut into arrays", () => {
    const numbers = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 40 });
    fc.assert(
      fc.property(numbers, fc.nat(40), (all, cut) => {
        const norm = globalNorm({ a: vector(...all.slice(0, cut)), b: vector(...all.slice(cut)) });
        const wanted = Math.hypot(...all.map(Math.fround));
        expect(Math.abs(norm - wanted)).toBeLessThanOrEqual(1e-12 * wanted);
      }),
    );
  });

  test("does not overflow where float32 would", () => {
    const largest = 3.4028234663852886e38;
    expect(globalNorm({ a: vector(largest, largest, largest, largest) })).toBe(2 * largest);
  });

  test("keeps what is small beside what is large", () => {
    const data = new Float32Array(1_000_001).fill(1 / 1024);
    data[0] = 1000;
    expect(globalNorm({ a: { shape: [data.length], data } })).toBeCloseTo(Math.hypot(1000, 1000 / 1024), 9);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("refuses %d", (value) => {
    for (let index = 0; index < 7; index++) {
      const spoilt = vector(1, 2, 3, 4, 5, 6, 7);
      spoilt.data[index] = value;
      const gradients = { sound: vector(1), culprit: spoilt, another: vector(Number.NaN) };
      expect(() => globalNorm(gradients)).toThrow(
        expect.objectContaining({
          name: "NonFiniteGradientError",
          parameter: "culprit",
          message: expect.stringMatching(
            new RegExp(
              `^found ${value} at index ${index} in the gradient of "culprit", expected finite numbers: `,
            ),
          ),
        }),
      );
    }
  });
});

describe("clipping", () => {
  const gradients = { a: vector(3), b: vector(4) };

  test.each([
    [1, 0.2],
    [2.5, 0.5],
    [5, 1],
    [6, 1],
    [Number.POSITIVE_INFINITY, 1],
  ])("to %d scales a gradient of length 5 by %d", (maximumNorm, scale) => {
    expect(clipByGlobalNorm(gradients, maximumNorm)).toEqual({ norm: 5, scale });
  });

  test("leaves zero as it is", () => {
    expect(clipByGlobalNorm({ a: vector(0, 0) }, 1)).toEqual({ norm: 0, scale: 1 });
  });
});
