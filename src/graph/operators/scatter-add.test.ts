import { describe, expect, it } from "vitest";
import { createRandom } from "../../util/random.ts";
import { build } from "../build.ts";
import { evaluate } from "../evaluate.ts";
import { gradient } from "../gradient.ts";
import type { Numbers } from "../numbers.ts";
import { input, type Tensor } from "../tensor.ts";
import { gather, mul, reduceSum, scan, scatterAdd, tanh } from "./index.ts";

const random = createRandom("indexing");
const draw = (shape: readonly number[], one: () => number): Numbers => {
  const count = shape.reduce((product, size) => product * size, 1);
  return { type: "float32", shape, values: Array.from({ length: count }, one) };
};
const floats = (...shape: readonly number[]) => draw(shape, () => random.next() - 0.5);
const places = (rows: number, ...shape: readonly number[]): Numbers => ({
  ...draw(shape, () => random.integer(2 * rows) - rows),
  type: "int32",
});

function expectClose(found: Numbers, wanted: readonly number[]): void {
  expect(found.values).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) expect(found.values[i]).toBeCloseTo(value, 12);
}

describe("scatterAdd", () => {
  // The second is too tall for a product with a one-hot matrix.
  it.each([7, 2000])("sums updates by their rows, of %i, negative ones counted from the end", (rows) => {
    const indices = input("indices", "int32", [3, 5]);
    const updates = input("updates", "float32", [3, 5, 2]);
    const known = new Map([
      [indices, places(rows, 3, 5)],
      [updates, floats(3, 5, 2)],
    ]);
    const [sum] = evaluate([scatterAdd(rows, indices, updates)], known);
    const [rowNumbers, parts] = [...known.values()];
    const wanted = new Array<number>(rows * 2).fill(0);
    for (let i = 0; i < 15; i++) {
      const row = (rowNumbers.values[i] + rows) % rows;
      for (let j = 0; j < 2; j++) wanted[row * 2 + j] += parts.values[i * 2 + j];
    }
    expect(sum.shape).toEqual([rows, 2]);
    expectClose(sum, wanted);
  });

  it("gives back to each update what its row was given", () => {
    const indices = input("indices", "int32", [4]);
    const updates = input("updates", "float32", [4, 2]);
    const weights = input("weights", "float32", [3, 2]);
    const known = new Map([
      [indices, places(3, 4)],
      [updates, floats(4, 2)],
      [weights, floats(3, 2)],
    ]);
    const [toUpdates] = gradient(reduceSum(mul(scatterAdd(3, indices, updates), weights)), [updates]);
    const [found, wanted] = evaluate([toUpdates, gather(weights, indices)], known);
    expectClose(found, Array.from(wanted.values));
  });
});

describe("the gradient of rows looked up in a loop", () => {
  const steps = 5;
  const batch = 2;
  const size = 3;

  // Small tables and tall ones; indices that change from step to step, and indices that do not.
  it.each([
    { rows: 4, changing: true },
    { rows: 1500, changing: true },
    { rows: 4, changing: false },
  ])("is one sum after the loop: $rows rows, changing: $changing", ({ rows, changing }) => {
    const table = input("table", "float32", [rows, size]);
    const start = input("start", "float32", [batch, size]);
    const sequence = input("sequence", "int32", [steps, batch]);
    const fixed = input("fixed", "int32", [batch]);
    const known = new Map([
      [table, floats(rows, size)],
      [start, floats(batch, size)],
      [sequence, places(rows, steps, batch)],
      [fixed, places(rows, batch)],
    ]);
    const rowsAt = (each: Tensor) => gather(table, changing ? each : fixed);
    const looped = scan({
      states: [start],
      sequences: [sequence],
      step: ([state], [each]) => ({ states: [tanh(mul(state, rowsAt(each)))] }),
    });
    let unrolled = start;
    for (let i = 0; i < steps; i++) {
      const row = input(`row ${i}`, "int32", [batch]);
      const values = Array.from(known.get(sequence)?.values ?? []).slice(i * batch, (i + 1) * batch);
      known.set(row, { type: "int32", shape: [batch], values });
      unrolled = tanh(mul(unrolled, rowsAt(row)));
    }
    const [ofLoop] = gradient(reduceSum(looped.states[0]), [table]);
    const [ofSteps] = gradient(reduceSum(unrolled), [table]);
    const [found, wanted] = evaluate([ofLoop, ofSteps], known);
    expectClose(found, Array.from(wanted.values));

    const { nodes } = build({ outputs: { gradient: ofLoop } }).graph;
    const bodies = nodes.flatMap(({ attributes: { body } }) => (body?.type === "graph" ? [body.value] : []));
    expect(bodies).not.toHaveLength(0);
    for (const { outputs } of bodies) for (const { shape } of outputs) expect(shape).not.toContain(rows);
  });
});
