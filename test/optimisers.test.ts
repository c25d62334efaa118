import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { initialParameters, openModel } from "../src/models/index.ts";
import {
  type OptimiserName,
  openOptimiser,
  openSchedule,
  optimisers,
  orthogonaliseByNewtonSchulz,
} from "../src/optim/index.ts";
import { type OptimiserCase, optimiserLaws } from "./suites/optimisers.ts";

const isMatrix = (name: string) => name.endsWith(".weight");
const isHidden = (name: string) => /^blocks\.\d\.weight$/.test(name);
const isFilled = (name: string) => name !== "empty";

/** The configurations in which an optimiser has to keep the laws. A new one brings its line. */
const cases: Readonly<Record<OptimiserName, readonly OptimiserCase[]>> = {
  adamw: [
    { config: {}, learningRate: 0.05, decays: isMatrix },
    { config: { weightDecay: 0 }, learningRate: 0.05 },
    {
      config: { beta1: 0, beta2: 0.9, weightDecay: 0.001, decayed: "all" },
      learningRate: 0.05,
      decays: isFilled,
    },
  ],
  adam: [
    { config: {}, learningRate: 0.05 },
    { config: { weightDecay: 0.001 }, learningRate: 0.05, decays: isMatrix },
    { config: { weightDecay: 0.001, decayed: "all" }, learningRate: 0.05, decays: isFilled },
  ],
  muon: [
    { config: { adamw: { learningRateFactor: 0.5 } }, learningRate: 0.1 },
    {
      config: {
        nesterov: false,
        outputs: "rows",
        weightDecay: 0.01,
        adamw: { learningRateFactor: 0.5, weightDecay: 0.01 },
      },
      learningRate: 0.1,
      decays: isMatrix,
    },
    {
      config: { momentum: 0, weightDecay: 0.01, adamw: { learningRateFactor: 0.5 } },
      learningRate: 0.1,
      decays: isHidden,
    },
  ],
  sgd: [
    { config: {}, learningRate: 0.05 },
    { config: { momentum: 0 }, learningRate: 0.1 },
    { config: { nesterov: true, weightDecay: 0.001 }, learningRate: 0.05, decays: isMatrix },
    {
      config: { momentum: 0, weightDecay: 0.001, decayed: "all" },
      learningRate: 0.1,
      decays: isFilled,
    },
  ],
};

for (const [name, each] of Object.entries(cases)) {
  for (const one of each) optimiserLaws(name, one);
}

describe("what muon takes for hidden matrices, unless said otherwise", () => {
  const hiddenOf = (name: string, config: object) => {
    const model = openModel(name, { vocabularySize: 16, controls: 3, layers: 2, ...config });
    const { momentum } = openOptimiser("muon").init(initialParameters(model, 1)).slots;
    return Object.keys(momentum);
  };

  test.each(["lstm", "gru"])("%s: all that reads hidden states", (name) => {
    expect(hiddenOf(name, { hiddenSize: 8 })).toEqual([
      "layers.0.hidden.weight",
      "layers.1.input.feature.weight",
      "layers.1.hidden.weight",
    ]);
  });

  test("transformer: the matrices of the blocks", () => {
    const matrices = ["query", "key", "value", "output"].map((each) => `attention.${each}.weight`);
    const wanted = [...matrices, ...["gate", "up", "down"].map((each) => `feed-forward.${each}.weight`)];
    expect(hiddenOf("transformer", { features: 16, heads: 2 }).toSorted()).toEqual(
      [0, 1].flatMap((block) => wanted.map((each) => `blocks.${block}.${each}`)).toSorted(),
    );
  });
});

describe("opening", () => {
  test.each(Object.entries(optimisers))("%s says what it is", (name, definition) => {
    expect(definition.name).toBe(name);
    expect(definition.summary).toMatch(/^[A-Z].*[^.]$/);
    const { properties } = definition.schema;
    for (const option of Object.values(properties ?? {})) {
      expect(option).toMatchObject({ description: expect.any(String), default: expect.anything() });
    }
    // All options have defaults: the name alone will do.
    expect(Object.keys(definition.open().config)).toEqual(Object.keys(properties ?? {}));
  });

  test.each([
    ["adamv", undefined, "UsageError", /^found optimiser "adamv", expected one of .*; did you mean "adam/],
    ["adamw", { beta1: 1 }, "ConfigError", /^optimiser adamw, `beta1`: /],
    ["adam", { betas: [0.9, 0.99] }, "ConfigError", /^optimiser adam, .*betas/],
    ["adam", { epsilon: 0 }, "ConfigError", /^optimiser adam, `epsilon`: /],
    [
      "sgd",
      { momentum: 0, nesterov: true },
      "ConfigError",
      /^optimiser sgd: found Nesterov.*momentum above 0$/,
    ],
    ["muon", { adamw: { beta: 0.9 } }, "ConfigError", /^optimiser muon, `adamw`: .*beta/],
    ["muon", { hidden: "blocks.*" }, "ConfigError", /^optimiser muon, `hidden`: /],
  ])("%s with %j: %s", (name, config, error, message) => {
    expect(() => openOptimiser(name, config)).toThrow(
      expect.objectContaining({ name: error, message: expect.stringMatching(message), exitCode: 2 }),
    );
  });
});

/** Made by tools/golden-optimisers.py. */
const record = z.record(z.string(), z.array(z.number()));
const golden = z
  .object({
    learningRate: z.number(),
    shapes: z.record(z.string(), z.array(z.number())),
    start: record,
    gradients: z.array(record),
    optimisers: z.array(
      z.object({ name: z.string(), config: z.record(z.string(), z.unknown()), first: record, last: record }),
    ),
    orthogonal: z.array(
      z.object({
        shape: z.array(z.number()),
        matrix: z.array(z.number()),
        orthogonal: z.array(z.number()),
      }),
    ),
    plateau: z.object({
      learningRate: z.number(),
      losses: z.array(z.number()),
      cases: z.array(z.object({ config: z.record(z.string(), z.unknown()), rates: z.array(z.number()) })),
    }),
  })
  .parse(JSON.parse(readFileSync(new URL("golden/optimisers.json", import.meta.url), "utf8")));

const arrays = (numbers: z.output<typeof record>) =>
  Object.fromEntries(
    Object.entries(numbers).map(([name, data]) => [
      name,
      { shape: golden.shapes[name], data: Float32Array.from(data) },
    ]),
  );

/** Largest distance between numbers of the same names. */
function distance(
  found: Readonly<Record<string, { readonly data: Float32Array }>>,
  wanted: z.output<typeof record>,
): number {
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  return Math.max(
    ...Object.entries(wanted).flatMap(([name, values]) =>
      values.map((value, i) => Math.abs(value - found[name].data[i])),
    ),
  );
}

describe("as PyTorch does", () => {
  test.each(golden.optimisers)("$name $config", async ({ name, config, first, last }) => {
    const optimiser = openOptimiser(name, config);
    const { learningRate } = golden;
    let parameters: Awaited<ReturnType<typeof optimiser.update>>["parameters"] = arrays(golden.start);
    let state = optimiser.init(parameters);
    for (const gradients of golden.gradients.map(arrays)) {
      ({ parameters, state } = await optimiser.update({ parameters, gradients, state, learningRate }));
      if (state.step === 1) expect(distance(parameters, first)).toBeLessThan(1e-6);
    }
    expect(distance(parameters, last)).toBeLessThan(1e-6);
  });

  test.each(golden.orthogonal)(
    "orthogonalising a matrix of $shape",
    async ({ shape, matrix, orthogonal }) => {
      const stack = { shape: [1, ...shape], data: Float32Array.from(matrix) };
      const [found] = await orthogonaliseByNewtonSchulz([stack]);
      expect(found.shape).toEqual(stack.shape);
      expect(distance({ orthogonal: found }, { orthogonal })).toBeLessThan(1e-6);
    },
  );

  test.each(golden.plateau.cases)("reduce-on-plateau $config", ({ config, rates }) => {
    const { learningRate, losses } = golden.plateau;
    let schedule = openSchedule("reduce-on-plateau", { learningRate, ...config });
    const found = losses.map((loss, step) => {
      schedule = schedule.observe(loss);
      return schedule.rate(step);
    });
    expect(new Set(rates).size).toBeGreaterThan(2);
    expect(found).toEqual(rates.map((rate) => expect.closeTo(rate, 12)));
  });
});
