/** @file Relative positions by skewing, against the sum over pairs of steps that it stands for. */
import { describe, expect, it } from "vitest";
import { drawNumbers, expectNumbers, expectSlopes, projection } from "../../test/suites/numerics.ts";
import { evaluate } from "../graph/evaluate.ts";
import type { Numbers } from "../graph/numbers.ts";
import { constant, input } from "../graph/tensor.ts";
import { sortedNodes } from "../graph/walk.ts";
import { attend } from "./attention.ts";
import { attendLocally, localPattern } from "./local-attention.ts";
import { distanceScores, pastDistanceScores } from "./relative.ts";

const [batch, heads, size] = [2, 2, 3];

/** Queries, keys and values of so many steps, and vectors for so many distances. */
function given(steps: number, known: number) {
  const shape = [batch, heads, steps, size];
  const tensors = [
    input("queries", "float32", shape),
    input("keys", "float32", shape),
    input("values", "float32", shape),
    input("distances", "float32", [heads, known, size]),
  ] as const;
  return { tensors, known: drawNumbers(tensors, `relative ${steps} ${known}`) };
}

/** Σ over size of two rows. */
function dot(a: Numbers, rowA: number, b: Numbers, rowB: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += a.values[rowA * size + i] * b.values[rowB * size + i];
  return sum;
}

/**
 * softmax((q · k + q · e of the distance) / √size) v, pair by pair: T² vectors of `size` numbers, as Shaw et al. (2018) have
 * it. A step sees no distance that has no vector.
 */
function pairByPair([queries, keys, values, distances]: readonly Numbers[]): Numbers {
  const [, , steps] = queries.shape;
  const [, known] = distances.shape;
  const results = new Float64Array(queries.values.length);
  for (let head = 0; head < batch * heads; head++)
    for (let i = 0; i < steps; i++) {
      const [query, first] = [head * steps + i, Math.max(0, i - known + 1)];
      const shares = Array.from({ length: i + 1 - first }, (_, j) => {
        const place = first + j;
        const vector = (head % heads) * known + known - 1 - (i - place);
        const score =
          dot(queries, query, keys, head * steps + place) + dot(queries, query, distances, vector);
        return Math.exp(score / Math.sqrt(size));
      });
      const whole = shares.reduce((sum, share) => sum + share);
      for (const [j, share] of shares.entries())
        for (let k = 0; k < size; k++)
          results[query * size + k] +=
            (share / whole) * Number(values.values[(head * steps + first + j) * size + k]);
    }
  return { type: "float32", shape: queries.shape, values: results };
}

const numbersOf = ({ tensors, known }: ReturnType<typeof given>) =>
  tensors.map((tensor) => evaluate([tensor], known)[0]);

describe("relative positions", () => {
  it("are, of two steps and a head of one number, what one finds on paper", () => {
    const [queries, keys, values] = [
      [2, 3],
      [0.5, -1],
      [1, 5],
    ].map((numbers) => constant(numbers, { shape: [1, 1, 2, 1] }));
    // One step ago 0.25, now −0.5.
    const distances = constant([0.25, -0.5], { shape: [1, 2, 1] });
    const [{ values: found }] = evaluate(
      [attend(queries, keys, values, { causal: true, distances })],
      new Map(),
    );
    // The second query: 3 · 0.5 + 3 · 0.25 = 2.25 before, 3 · −1 + 3 · −0.5 = −4.5 now.
    const before = 1 / (1 + Math.exp(-4.5 - 2.25));
    expect(found[0]).toBeCloseTo(1, 6);
    expect(found[1]).toBeCloseTo(before * 1 + (1 - before) * 5, 6);
  });

  it.each([1, 2, 7, 130, 300])("of %d steps that see all before them are the sum over pairs", (steps) => {
    // More distances than there are steps: those that are too far play no part.
    for (const known of [steps, steps + 3]) {
      const all = given(steps, known);
      const [queries, keys, values, distances] = all.tensors;
      const found = attend(queries, keys, values, { causal: true, distances });
      expectNumbers(evaluate([found], all.known), [pairByPair(numbersOf(all))], 1e-6);
    }
  });

  it.each([
    [1, 1],
    [7, 3],
    [7, 9],
    [300, 2],
    [300, 130],
    [400, 127],
  ])("of %d steps that look back %d are the sum over pairs", (steps, reach) => {
    const all = given(steps, reach + 1);
    const [queries, keys, values, distances] = all.tensors;
    const found = attendLocally(queries, keys, values, localPattern(steps, reach), undefined, distances);
    expectNumbers(evaluate([found], all.known), [pairByPair(numbersOf(all))], 1e-6);
  });

  it("have the slopes of finite differences", () => {
    const { tensors, known } = given(5, 3);
    const [queries, keys, values, distances] = tensors;
    const found = attendLocally(queries, keys, values, localPattern(5, 2), undefined, distances);
    expectSlopes(projection([found]), tensors, known);
  });

  it("never take a vector for each pair of steps", () => {
    const { tensors } = given(512, 512);
    const [queries, , , distances] = tensors;
    const largest = Math.max(
      ...sortedNodes([distanceScores(queries, distances, 512)]).flatMap(({ outputs }) =>
        outputs.map(({ shape }) => shape.reduce<number>((product, each) => product * Number(each), 1)),
      ),
    );
    expect(largest).toBe(batch * heads * 512 * 513);
  });

  it("of what is remembered are looked up by their ages", () => {
    const { tensors, known } = given(2, 4);
    const [queries, , , distances] = tensors;
    // Two steps after a ring of three: its places in any order, one of them not filled, which may be of any age.
    const ages = [2, 1, 3, 3, 2, 4].concat([1, 99, -5, 2, 100, -4]);
    const found = pastDistanceScores(
      queries,
      distances,
      constant(ages, { type: "int32", shape: [batch, 1, 2, 3] }),
    );
    const [result, numbers, vectors] = evaluate([found, queries, distances], known);
    expect(result.shape).toEqual([batch, heads, 2, 3]);
    for (let sequence = 0; sequence < batch; sequence++)
      for (let head = 0; head < heads; head++)
        for (let step = 0; step < 2; step++)
          for (let place = 0; place < 3; place++) {
            const age = ages[(sequence * 2 + step) * 3 + place];
            if (age < 0 || age > 3) continue;
            const row = (sequence * heads + head) * 2 + step;
            const wanted = dot(numbers, row, vectors, head * 4 + 3 - age) / Math.sqrt(size);
            expect(result.values[row * 3 + place]).toBeCloseTo(wanted, 6);
          }
  });
});
