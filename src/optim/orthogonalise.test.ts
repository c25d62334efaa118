import fc from "fast-check";
import { expect, test } from "vitest";
import type { NamedArray } from "../util/parameters.ts";
import { createRandom } from "../util/random.ts";
import { orthogonaliseByNewtonSchulz } from "./orthogonalise.ts";

function diagonal(values: readonly number[], shape: readonly [number, number]): NamedArray {
  const data = new Float32Array(shape[0] * shape[1]);
  for (const [i, value] of values.entries()) data[i * shape[1] + i] = value;
  return { shape, data };
}

function random(shape: readonly [number, number], seed: number): NamedArray {
  const { next } = createRandom(seed);
  return { shape, data: Float32Array.from({ length: shape[0] * shape[1] }, () => next() - 0.5) };
}

function flipped({ shape: [rows, columns], data }: NamedArray): NamedArray {
  return {
    shape: [columns, rows],
    data: Float32Array.from(data, (_, at) => data[(at % rows) * columns + Math.floor(at / rows)]),
  };
}

const distance = (a: NamedArray, b: NamedArray) =>
  Math.max(0, ...a.data.map((value, i) => Math.abs(value - b.data[i])));

test("singular values come near 1, directions stay", async () => {
  const value = fc.double({ min: 0.01, max: 100, noNaN: true });
  const shape = fc.constantFrom([4, 4] as const, [4, 9] as const, [7, 4] as const);
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 4, maxLength: 4 }), shape, async (values, shape) => {
      const norm = Math.hypot(...values);
      const { data } = await orthogonaliseByNewtonSchulz(diagonal(values, shape));
      for (const [at, found] of data.entries()) {
        const [row, column] = [Math.floor(at / shape[1]), at % shape[1]];
        if (row !== column) expect(found).toBe(0);
        else if (values[row] > norm / 500) expect(Math.abs(found - 0.945)).toBeLessThan(0.265);
        else expect(Math.abs(found)).toBeLessThan(1.21);
      }
    }),
  );
});

test("a transposed matrix gives a transposed result", async () => {
  for (const shape of [
    [5, 5],
    [3, 8],
    [9, 4],
  ] as const) {
    const given = random(shape, 1);
    const found = await orthogonaliseByNewtonSchulz(flipped(given));
    expect(distance(found, flipped(await orthogonaliseByNewtonSchulz(given)))).toBeLessThan(1e-6);
  }
});

test("its length does not matter", async () => {
  const given = random([6, 5], 2);
  const doubled = { ...given, data: given.data.map((value) => 1024 * value) };
  const [found, wanted] = [
    await orthogonaliseByNewtonSchulz(doubled),
    await orthogonaliseByNewtonSchulz(given),
  ];
  expect(distance(found, wanted)).toBeLessThan(1e-5);
});

test("what it is given stays as it was, and zeros give zeros", async () => {
  for (const shape of [
    [2, 3],
    [3, 2],
  ] as const) {
    const given = random(shape, 3);
    const before = given.data.slice();
    await orthogonaliseByNewtonSchulz(given);
    expect(given.data).toEqual(before);
    const zeros = { shape, data: new Float32Array(6) };
    expect(await orthogonaliseByNewtonSchulz(zeros)).toEqual(zeros);
  }
});
