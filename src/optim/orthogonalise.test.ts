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

/** One matrix, as a stack of its own. */
async function orthogonal({ shape, data }: NamedArray): Promise<NamedArray> {
  const [result] = await orthogonaliseByNewtonSchulz([{ shape: [1, ...shape], data }]);
  expect(result.shape).toEqual([1, ...shape]);
  return { shape, data: result.data };
}

const distance = (a: NamedArray, b: NamedArray) =>
  Math.max(0, ...a.data.map((value, i) => Math.abs(value - b.data[i])));

test("singular values come near 1, directions stay", async () => {
  const value = fc.double({ min: 0.01, max: 100, noNaN: true });
  const shape = fc.constantFrom([4, 4] as const, [4, 9] as const, [7, 4] as const);
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 4, maxLength: 4 }), shape, async (values, shape) => {
      const norm = Math.hypot(...values);
      const { data } = await orthogonal(diagonal(values, shape));
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
    const found = await orthogonal(flipped(given));
    expect(distance(found, flipped(await orthogonal(given)))).toBeLessThan(1e-6);
  }
});

test("its length does not matter", async () => {
  const given = random([6, 5], 2);
  const doubled = { ...given, data: given.data.map((value) => 1024 * value) };
  const [found, wanted] = [await orthogonal(doubled), await orthogonal(given)];
  expect(distance(found, wanted)).toBeLessThan(1e-5);
});

test("what it is given stays as it was, and zeros give zeros", async () => {
  for (const shape of [
    [2, 3],
    [3, 2],
  ] as const) {
    const given = random(shape, 3);
    const before = given.data.slice();
    await orthogonal(given);
    expect(given.data).toEqual(before);
    const zeros = { shape, data: new Float32Array(6) };
    expect(await orthogonal(zeros)).toEqual(zeros);
  }
});

test("each matrix of a stack is as it would be alone, in stacks of several shapes", async () => {
  const [one, two, tall] = [random([3, 5], 4), random([3, 5], 5), random([4, 2], 6)];
  const found = await orthogonaliseByNewtonSchulz([
    { shape: [2, 3, 5], data: Float32Array.of(...one.data, ...two.data) },
    { shape: [1, 4, 2], data: tall.data },
  ]);
  const alone = [await orthogonal(one), await orthogonal(two), await orthogonal(tall)];
  expect([...found[0].data]).toEqual([...alone[0].data, ...alone[1].data]);
  expect(found[1].data).toEqual(alone[2].data);
});
