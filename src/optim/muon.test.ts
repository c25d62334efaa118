import { describe, expect, test } from "vitest";
import type { NamedArray, Parameters } from "../util/parameters.ts";
import { openOptimiser } from "./index.ts";
import type { Orthogonalise } from "./orthogonalise.ts";

const array = (shape: readonly number[], value: number): NamedArray => ({
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(value),
});

const all = (value: number): Parameters => ({
  "embedding.weight": array([9, 2], value),
  "blocks.0.up.weight": array([8, 2], value),
  "blocks.0.down.weight": array([2, 8], value),
  "blocks.0.norm.gain": array([2], value),
  "output.weight": array([9, 2], value),
});

/** Which parameters have a slot of a role. */
const holders = (config: object, role: string) =>
  Object.keys(openOptimiser("muon", config).init(all(0)).slots[role] ?? {});

describe("hidden matrices", () => {
  test("are all matrices but tables and the last layer, unless said otherwise", () => {
    expect(holders({}, "momentum")).toEqual(["blocks.0.up.weight", "blocks.0.down.weight"]);
    expect(holders({}, "firstMoment")).toEqual(["embedding.weight", "blocks.0.norm.gain", "output.weight"]);
    expect(holders({}, "secondMoment")).toEqual(holders({}, "firstMoment"));
  });

  test("are those named, without those excepted", () => {
    expect(holders({ hidden: ["blocks.*"], others: ["*.up.*"] }, "momentum")).toEqual([
      "blocks.0.down.weight",
    ]);
    expect(holders({ others: [] }, "momentum")).toHaveLength(4);
  });

  test("have to be there", async () => {
    const optimiser = openOptimiser("muon", { hidden: ["layers.*"] });
    const parameters = all(1);
    const state = optimiser.init(parameters);
    await expect(optimiser.update({ parameters, gradients: all(1), state, learningRate: 1 })).rejects.toThrow(
      expect.objectContaining({
        name: "UsageError",
        message: expect.stringMatching(
          /^muon found no hidden matrix among embedding\.weight, .*: mend the patterns/,
        ),
      }),
    );
  });
});

/** Gives ones for every matrix, and notes what it was given. */
function recording() {
  const given: NamedArray[] = [];
  const orthogonalise: Orthogonalise = async (stacks) =>
    stacks.map(({ shape, data }) => {
      given.push({ shape, data: data.slice() });
      return { shape, data: data.fill(1) };
    });
  return { given, orthogonalise };
}

test.each([
  ["rows", 2, 1],
  ["columns", 1, 2],
])(
  "where outputs are %s, the [8, 2] matrix moves by %d and the [2, 8] matrix by %d",
  async (outputs, up, down) => {
    const { orthogonalise } = recording();
    const optimiser = openOptimiser("muon", { outputs }, { orthogonalise });
    const parameters = all(0);
    const state = optimiser.init(parameters);
    const after = await optimiser.update({ parameters, gradients: all(1), state, learningRate: 0.5 });
    expect(after.parameters["blocks.0.up.weight"]).toEqual(array([8, 2], -up / 2));
    expect(after.parameters["blocks.0.down.weight"]).toEqual(array([2, 8], -down / 2));
  },
);

test("hands over the momentum, one step ahead of itself, scaled like the gradients", async () => {
  const { given, orthogonalise } = recording();
  const optimiser = openOptimiser("muon", { momentum: 0.75 }, { orthogonalise });
  const parameters = all(0);
  const state = optimiser.init(parameters);
  const update = { parameters, gradients: all(32), state, learningRate: 0.5, gradientScale: 0.5 };
  const once = await optimiser.update(update);
  await optimiser.update({ ...update, state: once.state });
  // Momentum 4, then 7; ahead of it ¾ · 4 + ¼ · 16, then ¾ · 7 + ¼ · 16.
  const { momentum } = once.state.slots;
  expect(momentum["blocks.0.up.weight"]).toEqual(array([8, 2], 4));
  expect(given).toEqual([
    array([1, 8, 2], 7),
    array([1, 2, 8], 7),
    array([1, 8, 2], 9.25),
    array([1, 2, 8], 9.25),
  ]);
});

test("hands over matrices of one shape in one stack, and gives each its own direction", async () => {
  let calls = 0;
  const orthogonalise: Orthogonalise = async (stacks) => {
    calls++;
    return stacks.map(({ shape, data }) => ({ shape, data: data.map((_, i) => i) }));
  };
  const parameters = { a: array([2, 3], 0), b: array([3, 2], 0), c: array([2, 3], 0) };
  const optimiser = openOptimiser("muon", { outputs: "columns", others: [] }, { orthogonalise });
  const update = { parameters, gradients: parameters, state: optimiser.init(parameters), learningRate: 1 };
  const after = await optimiser.update(update);
  const moved = Object.values(after.parameters).map(({ data }) => Math.abs(data[1]));
  const wide = Math.sqrt(3 / 2);
  for (const [i, place] of [1 * wide, 1, 7 * wide].entries()) expect(moved[i]).toBeCloseTo(place, 5);
  expect(calls).toBe(1);
});

test("writes nothing when matrices cannot be orthogonalised, not even to donated arrays", async () => {
  let calls = 0;
  const orthogonalise: Orthogonalise = async () => {
    calls++;
    throw new Error("the session is gone");
  };
  const optimiser = openOptimiser("muon", {}, { orthogonalise });
  const parameters = all(1);
  const state = optimiser.init(parameters);
  const update = { parameters, gradients: all(1), state, learningRate: 1, donate: true };
  await expect(optimiser.update(update)).rejects.toThrow("the session is gone");
  expect(calls).toBe(1);
  expect(parameters).toEqual(all(1));
  expect(state).toEqual(optimiser.init(parameters));
});
