/** @file Dropout: how much it drops, that nothing tells one place from another, and that every runtime drops the same. */
import { describe, expect, it } from "vitest";
import { runOn } from "../../test/suites/numerics.ts";
import { evaluate } from "../graph/evaluate.ts";
import { gradient } from "../graph/gradient.ts";
import type { Numbers } from "../graph/numbers.ts";
import { mul, reduceSum, reshape } from "../graph/operators/index.ts";
import { constant, input, type Tensor } from "../graph/tensor.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import { dropout } from "./dropout.ts";

const rows = 384;
const columns = 256;
const seed = input("seed", "int32", []);
const numberOf = (value: number): Numbers => ({ type: "int32", shape: [], values: [value] });
const ones = (...shape: readonly number[]): Tensor =>
  constant(new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1), { shape });

/** 1 where an element is kept, 0 where it is dropped, for each place from 0 on. */
async function masks(rate: number, seedValue: number, places: number): Promise<readonly Float64Array[]> {
  const dropped = Array.from({ length: places }, (_, place) =>
    dropout(ones(rows, columns), { rate, seed, place }),
  );
  const results = await runOn({ open: openDirect }, dropped, new Map([[seed, numberOf(seedValue)]]));
  return results.map(({ values }) => Float64Array.from(values, (value) => Math.sign(value)));
}

/** How many standard deviations a count of what is kept lies from what is expected. */
const deviation = (kept: number, count: number, rate: number) =>
  (kept - count * (1 - rate)) / Math.sqrt(count * rate * (1 - rate));

/** The same for the correlation of pairs of elements, in the mean over all pairs. */
function correlation(pairs: Iterable<readonly [number, number]>, rate: number): number {
  let sum = 0;
  let count = 0;
  for (const [a, b] of pairs) {
    sum += (a - 1 + rate) * (b - 1 + rate);
    count++;
  }
  return sum / (rate * (1 - rate) * Math.sqrt(count));
}

function* neighbours(mask: Float64Array, down: number, right: number): Generator<readonly [number, number]> {
  for (let row = 0; row < rows - down; row++)
    for (let column = 0; column < columns - right; column++)
      yield [mask[row * columns + column], mask[(row + down) * columns + column + right]];
}

function countsAlong(mask: Float64Array, lineOf: (index: number) => number, lines: number): Float64Array {
  const counts = new Float64Array(lines);
  for (const [i, kept] of mask.entries()) counts[lineOf(i)] += kept;
  return counts;
}

/** A fair draw exceeds this in one of 150,000 numbers; each test asks for a few hundred, always the same. */
const farthest = 4.5;

describe.each([0.1, 0.5, 0.8])("dropout of %d", (rate) => {
  it("keeps the share it should: altogether, in each row, in each column", async () => {
    for (const seedValue of [0, 1, 2, 1_000_003]) {
      for (const mask of await masks(rate, seedValue, 2)) {
        const kept = mask.reduce((sum, each) => sum + each, 0);
        expect(Math.abs(deviation(kept, mask.length, rate))).toBeLessThan(farthest);
        const inRows = countsAlong(mask, (i) => Math.floor(i / columns), rows);
        const inColumns = countsAlong(mask, (i) => i % columns, columns);
        for (const [counts, length] of [
          [inRows, columns],
          [inColumns, rows],
        ] as const) {
          const deviations = counts.map((count) => deviation(count, length, rate));
          for (const each of deviations) expect(Math.abs(each)).toBeLessThan(farthest);
          // Counts that scatter too little or too much betray elements that know of each other.
          const squares = deviations.reduce((sum, each) => sum + each ** 2, 0);
          const excess = (squares - counts.length) / Math.sqrt(2 * counts.length);
          expect(Math.abs(excess)).toBeLessThan(farthest);
        }
      }
    }
  });

  it("drops neighbours, near and far, as if they did not know of each other", async () => {
    for (const seedValue of [3, 4]) {
      const [mask] = await masks(rate, seedValue, 1);
      for (const [down, right] of [
        [1, 0],
        [2, 0],
        [64, 0],
        [0, 1],
        [0, 2],
        [0, 64],
        [1, 1],
      ]) {
        const found = correlation(neighbours(mask, down, right), rate);
        expect(Math.abs(found), `${down} down, ${right} to the right`).toBeLessThan(farthest);
      }
    }
  });

  it("has nothing in common between places, and between seeds", async () => {
    const all = (await Promise.all([5, 6, -5].map((seedValue) => masks(rate, seedValue, 3)))).flat();
    for (const [i, mask] of all.entries()) {
      for (const other of all.slice(0, i)) {
        const pairs = Array.from(mask, (kept, at) => [kept, other[at]] as const);
        expect(Math.abs(correlation(pairs, rate))).toBeLessThan(farthest);
      }
    }
  });
});

describe("dropout", () => {
  it("has no two rows and no two columns that are dropped alike", async () => {
    const shapes = [
      [4096, 64],
      [64, 4096],
    ];
    const dropped = shapes.map((shape) => dropout(ones(...shape), { rate: 0.5, seed, place: 0 }));
    const [tall, wide] = await runOn({ open: openDirect }, dropped, new Map([[seed, numberOf(11)]]));
    const line = ({ values }: Numbers, start: number, stride: number) =>
      Array.from({ length: 64 }, (_, i) => Math.sign(values[start + i * stride])).join("");
    const lines = (of: (i: number) => string) => new Set(Array.from({ length: 4096 }, (_, i) => of(i)));
    expect(lines((row) => line(tall, row * 64, 1)).size).toBe(4096);
    expect(lines((column) => line(wide, column, 4096)).size).toBe(4096);
  });

  it("keeps the mean: what is kept grows by what is dropped", () => {
    const rate = 0.4;
    const known = new Map([[seed, numberOf(1)]]);
    const [{ values }] = evaluate([dropout(ones(100, 100), { rate, seed, place: 0 })], known);
    expect(new Set(Array.from(values))).toEqual(new Set([0, 1 / (1 - rate)]));
    const mean = Array.from(values).reduce((sum, value) => sum + value) / values.length;
    const tolerance = (farthest * Math.sqrt(rate / (1 - rate))) / Math.sqrt(values.length);
    expect(Math.abs(mean - 1)).toBeLessThan(tolerance);
  });

  it("is the same to the bit on every runtime, at the ends of int32 too", async () => {
    const x = constant(
      Float32Array.from({ length: 2 * 7 * 33 }, (_, i) => Math.sin(i)),
      { shape: [2, 7, 33] },
    );
    const dropped = [0, 1, 77].map((place) => dropout(x, { rate: 0.25, seed, place }));
    for (const seedValue of [0, 1, -1, 123_456_789, 2 ** 31 - 1, -(2 ** 31)]) {
      const known = new Map([[seed, numberOf(seedValue)]]);
      const expected = await runOn(createInterpreter(), dropped, known);
      for (const optimisation of ["disabled", "all"] as const)
        expect(await runOn({ open: openDirect }, dropped, known, { optimisation })).toEqual(expected);
    }
  });

  it("depends on the row and the column alone, whatever axes the rows are cut into", () => {
    const known = new Map([[seed, numberOf(2)]]);
    const options = { rate: 0.5, seed, place: 3 };
    const [flat, cut] = evaluate(
      [dropout(ones(6, 5), options), reshape(dropout(ones(2, 3, 5), options), [6, 5])],
      known,
    );
    expect(cut).toEqual(flat);
  });

  it("lets flow back through what was kept, and nothing through what was dropped", () => {
    const x = input("x", "float32", [8, 16]);
    const known = new Map([
      [seed, numberOf(9)],
      [x, { type: "float32", shape: [8, 16], values: Array.from({ length: 128 }, (_, i) => i + 1) } as const],
    ]);
    const y = dropout(x, { rate: 0.5, seed, place: 0 });
    const [slopes, values] = evaluate([...gradient(reduceSum(y), [x]), y], known);
    expect(Array.from(slopes.values, (slope, i) => slope * (i + 1))).toEqual(Array.from(values.values));
    expect(new Set(Array.from(slopes.values))).toEqual(new Set([0, 2]));
  });

  it("drops nothing at a rate of 0, and nearly everything at the last rates below 1", async () => {
    const x = input("x", "float32", [4, 4]);
    expect(dropout(x, { rate: 0, seed, place: 0 })).toBe(x);
    for (const rate of [1 - 2 ** -30, 1 - 2 ** -50]) {
      const kept = mul(dropout(ones(64, 64), { rate, seed, place: 0 }), 1 - rate);
      const [{ values }] = await runOn({ open: openDirect }, [kept], new Map([[seed, numberOf(0)]]));
      expect(Array.from(values).reduce((sum, value) => sum + value)).toBeLessThan(2);
    }
  });
});
