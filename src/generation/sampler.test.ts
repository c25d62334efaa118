/** @file Sampling in the graph: what is drawn, how often, and that calls may be cut as one likes. */
import { describe, expect, it } from "vitest";
import { livelyParameters } from "../../test/suites/small-models.ts";
import { initialParameters, type Model, openModel } from "../models/index.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import type { Runtime } from "../runtime/session.ts";
import { UsageError } from "../util/errors.ts";
import type { Parameters } from "../util/parameters.ts";
import { createRandom } from "../util/random.ts";
import { openSampler } from "./sampler.ts";
import { openStepper } from "./stepper.ts";

const vocabularySize = 5;
const direct: Runtime = { name: "onnxruntime-node", providers: ["cpu"], open: openDirect };
const threads = 1;
const models = ["lstm", "gru"].map((name) => openModel(name, { vocabularySize, layers: 2, hiddenSize: 8 }));
const linear = openModel("transformer", {
  vocabularySize,
  layers: 1,
  features: 32,
  heads: 2,
  hiddenSize: 12,
  attention: "linear",
});

/** Logits that are the same whatever was heard. */
const fixed = [1, 0, -1, 1.5, -0.5];

function fixedParameters(model: Model): Parameters {
  const zeros = Object.entries(initialParameters(model, 1)).map(
    ([name, { shape, data }]) => [name, { shape, data: new Float32Array(data.length) }] as const,
  );
  return {
    ...Object.fromEntries(zeros),
    "output.bias": { shape: [vocabularySize], data: Float32Array.from(fixed) },
  };
}

function softmax(logits: readonly number[]): readonly number[] {
  const parts = logits.map(Math.exp);
  const sum = parts.reduce((total, part) => total + part);
  return parts.map((part) => part / sum);
}

/** Pearson's statistic of counts against what is expected of them. */
function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count);
  return counts.reduce((sum, count, i) => sum + (count - total * shares[i]) ** 2 / (total * shares[i]), 0);
}

const countsOf = (draws: readonly number[], classes: number) => {
  const counts = new Array<number>(classes).fill(0);
  for (const draw of draws) counts[draw]++;
  return counts;
};

/** The best guess of a stepper, again and again: `[steps][batch]`. */
async function greedy(model: Model, parameters: Parameters, first: Int32Array, steps: number) {
  const stepper = await openStepper(direct, model, parameters, { batch: first.length, threads });
  const drawn: Int32Array[] = [];
  let tokens = first;
  for (let step = 0; step < steps; step++) {
    const logits = await stepper.next(tokens);
    tokens = tokens.map((_, row) => {
      const own = logits.subarray(row * vocabularySize, (row + 1) * vocabularySize);
      return own.indexOf(Math.max(...own));
    });
    drawn.push(tokens);
  }
  await stepper.dispose();
  return drawn.flatMap((each) => [...each]);
}

describe("what a sampler draws", () => {
  const [model] = models;
  const [batch, stepsPerCall, calls] = [8, 50, 10];

  it.each([0.7, 1, 3])(
    "follows softmax(logits / %d), and nothing that was drawn before",
    async (temperature) => {
      const sampler = await openSampler(direct, model, fixedParameters(model), {
        batch,
        stepsPerCall,
        threads,
      });
      const random = createRandom("draws");
      const rows: number[][] = Array.from({ length: batch }, () => []);
      for (let call = 0; call < calls; call++) {
        const drawn = await sampler.next(new Int32Array(batch), random, temperature);
        expect(drawn).toHaveLength(batch * stepsPerCall);
        for (const [i, token] of drawn.entries()) rows[i % batch].push(token);
      }
      await sampler.dispose();
      const shares = softmax(fixed.map((logit) => logit / temperature));
      // Exceeded once in 10,000 draws of this size: 23.5 at 4 degrees of freedom, 58.6 at 24.
      expect(chiSquare(countsOf(rows.flat(), vocabularySize), shares)).toBeLessThan(23.5);
      const pairShares = shares.flatMap((share) => shares.map((other) => share * other));
      const pairs = (of: (row: number, step: number) => number) =>
        rows.flatMap((tokens, row) =>
          tokens.flatMap((token, step) => (step % 2 === 0 ? [token * vocabularySize + of(row, step)] : [])),
        );
      for (const drawn of [
        pairs((row, step) => rows[row][step + 1]),
        pairs((row, step) => rows[(row + 1) % batch][step]).filter((_, i) => i % 2 === 0),
      ]) {
        expect(chiSquare(countsOf(drawn, vocabularySize ** 2), pairShares)).toBeLessThan(80);
      }
    },
  );

  it("is the likeliest token where it is as cold as can be", async () => {
    for (const warm of [...models, linear]) {
      const parameters = livelyParameters(warm);
      const first = Int32Array.of(0, 3);
      const sampler = await openSampler(direct, warm, parameters, { batch: 2, stepsPerCall: 12, threads });
      const drawn = await sampler.next(first, createRandom(1), 1e-6);
      expect([...drawn]).toEqual(await greedy(warm, parameters, first, 12));
      await sampler.dispose();
    }
  });
});

describe.each([...models, linear])("a sampler of $name", (model) => {
  const parameters = livelyParameters(model);
  const open = (stepsPerCall: number, runtime = direct) =>
    openSampler(runtime, model, parameters, { batch: 2, stepsPerCall, threads });

  it("draws the same for one seed, and otherwise for another", async () => {
    const sampler = await open(16);
    const draw = (seed: number) => {
      sampler.reset();
      return sampler.next(Int32Array.of(1, 2), createRandom(seed));
    };
    const first = await draw(1);
    expect(await draw(1)).toEqual(first);
    expect(await draw(2)).not.toEqual(first);
    await sampler.dispose();
  });

  it("draws the same in one call or in several, on any runtime", async () => {
    const whole = await open(12);
    const once = await whole.next(Int32Array.of(1, 2), createRandom("cut"));
    const inParts = await open(4, createInterpreter());
    const random = createRandom("cut");
    const parts: number[] = [];
    let last = Int32Array.of(1, 2);
    for (let call = 0; call < 3; call++) {
      const drawn = await inParts.next(last, random);
      parts.push(...drawn);
      last = drawn.slice(-2);
    }
    expect(parts).toEqual([...once]);
    // And what it has heard before matters.
    inParts.reset();
    expect([...(await inParts.next(last, createRandom("cut"), 1e-6))]).not.toEqual(
      [...(await whole.next(last, createRandom("cut"), 1e-6))].slice(0, 8),
    );
    await Promise.all([whole.dispose(), inParts.dispose()]);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses a temperature of %s",
    async (temperature) => {
      const sampler = await openSampler(direct, model, parameters);
      const drawing = sampler.next(Int32Array.of(1), createRandom(1), temperature);
      await expect(drawing).rejects.toThrow(UsageError);
      await sampler.dispose();
    },
  );

  it("draws eight tokens of one sequence where nothing is said", async () => {
    const sampler = await openSampler(direct, model, parameters);
    expect(sampler.stepsPerCall).toBe(8);
    expect(await sampler.next(Int32Array.of(1), createRandom(1))).toHaveLength(8);
    await sampler.dispose();
  });
});

describe("sampling", () => {
  it.each([
    ["transformer", { features: 8, heads: 2 }, "a state that grows"],
    ["lstm", { hiddenSize: 4, controls: 2 }, "controls"],
    ["gru", { hiddenSize: 4, fields: [vocabularySize - 3, 3] }, "steps of 2 tokens"],
  ])("is not for %s with %j", async (name, config, reason) => {
    const model = openModel(name, { vocabularySize, layers: 1, ...config });
    const attempt = openSampler(direct, model, initialParameters(model, 1));
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(attempt).rejects.toThrow(`found model ${name} with ${reason}`);
  });
});
