import fc from "fast-check";
import { expect, test } from "vitest";
import type { Parameters } from "../util/parameters.ts";
import { createAccumulator } from "./accumulate.ts";

const gradients = (...values: number[]): Parameters => ({
  "a.weight": { shape: [values.length], data: Float32Array.from(values) },
});

test("the mean counts every token once, however they are cut into micro-batches", () => {
  const part = fc.record({
    weight: fc.integer({ min: 1, max: 5000 }),
    value: fc.float({ min: -1, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 30 }), (parts) => {
      const accumulator = createAccumulator();
      for (const { weight, value } of parts) accumulator.add(gradients(value), weight);
      const weight = parts.reduce((sum, each) => sum + each.weight, 0);
      const mean = parts.reduce((sum, each) => sum + each.weight * each.value, 0) / weight;
      expect(accumulator.weight).toBe(weight);
      expect(Math.abs(accumulator.mean()["a.weight"].data[0] - mean)).toBeLessThan(1e-6);
    }),
  );
});

test("begins anew in the same buffers, whatever they held", () => {
  const accumulator = createAccumulator();
  accumulator.add(gradients(Number.NaN, 2), 3);
  const before = accumulator.mean()["a.weight"].data;
  accumulator.clear();
  expect(accumulator.weight).toBe(0);
  accumulator.add(gradients(5, 6), 2);
  accumulator.add(gradients(8, 9), 4);
  expect(accumulator.mean()).toEqual(gradients(7, 8));
  expect(accumulator.mean()["a.weight"].data).toBe(before);
});

test("reads what it is given, and keeps none of it", () => {
  const accumulator = createAccumulator();
  const first = gradients(1, 2);
  accumulator.add(first, 1);
  accumulator.add(gradients(3, 4), 1);
  expect(first).toEqual(gradients(1, 2));
  first["a.weight"].data.fill(9);
  expect(accumulator.mean()).toEqual(gradients(2, 3));
});

test("a micro-batch without predictions adds nothing, not even NaN", () => {
  const accumulator = createAccumulator();
  accumulator.add(gradients(Number.NaN), 0);
  expect(() => accumulator.mean()).toThrow(
    expect.objectContaining({ name: "UsageError", message: expect.stringMatching(/^found no gradients/) }),
  );
  accumulator.add(gradients(2), 1);
  accumulator.add(gradients(Number.NaN), 0);
  expect(accumulator.mean()).toEqual(gradients(2));
  accumulator.clear();
  expect(() => accumulator.mean()).toThrow(expect.objectContaining({ name: "UsageError" }));
});

test("refuses gradients of other shapes", () => {
  const accumulator = createAccumulator();
  accumulator.add(gradients(1, 2), 1);
  expect(() => accumulator.add(gradients(1), 1)).toThrow(
    expect.objectContaining({ name: "ParameterMismatchError", parameter: "a.weight" }),
  );
});
