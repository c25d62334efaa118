/** @file What every model promises, on any runtime. */
import { describe, expect, it } from "vitest";
import { build } from "../../src/graph/build.ts";
import { evaluate } from "../../src/graph/evaluate.ts";
import { gradients } from "../../src/graph/gradient.ts";
import type { Numbers } from "../../src/graph/numbers.ts";
import { reshape } from "../../src/graph/operators/index.ts";
import { input, type Tensor } from "../../src/graph/tensor.ts";
import { inputsOf } from "../../src/graph/walk.ts";
import { initialParameters, type Model, type ModelDefinition, tokenShape } from "../../src/models/index.ts";
import { weightedMean } from "../../src/nn/loss.ts";
import { openOptimiser } from "../../src/optim/index.ts";
import { gradientOutputs, gradientsFrom, parameterFeeds, scalarOf } from "../../src/runtime/feeds.ts";
import type { NamedTensors, Runtime, TensorData } from "../../src/runtime/session.ts";
import { createRandom } from "../../src/util/random.ts";
import { hearInParts, type Part } from "./model-parts.ts";
import { livelyParameters } from "./small-models.ts";

export interface ModelCase {
  readonly definition: ModelDefinition;
  /** Small enough for the interpreter. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Of the windows that the laws look at. 6 unless given. */
  readonly steps?: number;
}

const batch = 2;

const int32 = (shape: readonly number[], data: readonly number[]): TensorData => ({
  type: "int32",
  shape,
  data: Int32Array.from(data),
});
const float32 = (shape: readonly number[], data: ArrayLike<number>): TensorData => ({
  type: "float32",
  shape,
  data: Float32Array.from(data),
});

/** A window of a model, its loss and gradients, and numbers for all of it. */
function createWindow(model: Model, steps: number, seed: number) {
  const random = createRandom(seed);
  const { outcome } = model;
  const { fields, fieldSizes } = outcome;
  const tokens = input("tokens", "int32", tokenShape(outcome, [batch, steps]));
  const targets = input("targets", "int32", [batch * steps, fields]);
  const controls =
    model.controls > 0 ? input("controls", "float32", [batch, steps, model.controls]) : undefined;
  const seedInput = input("seed", "int32", []);
  const lossOf = (logits: Tensor) => {
    const losses = outcome.losses(reshape(logits, [batch * steps, outcome.size]), targets);
    return weightedMean(losses, input("weights", "float32", [batch * steps]));
  };
  const { logits, state } = model.forward({ tokens, controls });
  const draw = () => fieldSizes.map((size) => random.integer(size));
  // Rows begin differently, and no token comes twice in a row: what a row was so far can always be told from the others,
  // even by attention, to which a repeated token is the same as a single one.
  const rows = Array.from({ length: batch }, (_, row) => {
    const tokens = [fieldSizes.map(() => row)];
    while (tokens.length < steps) {
      const before = tokens[tokens.length - 1];
      tokens.push(fieldSizes.map((size, field) => (before[field] + 1 + random.integer(size - 1)) % size));
    }
    return tokens.flat();
  });
  const feeds: NamedTensors = {
    tokens: int32(tokenShape(outcome, [batch, steps]), rows.flat()),
    targets: int32([batch * steps, fields], Array.from({ length: batch * steps }, draw).flat()),
    weights: float32([batch * steps], new Float32Array(batch * steps).fill(1)),
    ...(controls
      ? {
          controls: float32(
            [batch, steps, model.controls],
            Array.from({ length: batch * steps * model.controls }, () => random.next()),
          ),
        }
      : {}),
  };
  const dropped = model.forward({ tokens, controls, dropoutSeed: seedInput });
  return { logits, state, loss: lossOf(logits), droppedLoss: lossOf(dropped.logits), feeds };
}

async function run(
  runtime: Runtime,
  outputs: Readonly<Record<string, Tensor>>,
  feeds: NamedTensors,
): Promise<NamedTensors> {
  const session = await runtime.open(build({ outputs }));
  try {
    const names = new Set(session.inputs.map(({ name }) => name));
    return await session.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => names.has(name))));
  } finally {
    await session.dispose();
  }
}

export function modelLaws(
  { definition, config, steps = 6 }: ModelCase,
  openRuntime: () => Promise<Runtime>,
): void {
  const model = definition.open(config);
  const feedsOf = (window: { readonly feeds: NamedTensors }, parameters = livelyParameters(model)) => ({
    ...parameterFeeds(parameters),
    ...window.feeds,
  });

  describe(`${definition.name} ${JSON.stringify(config)}`, () => {
    it("never lets a later token change an earlier logit", async () => {
      const runtime = await openRuntime();
      const window = createWindow(model, steps, 1);
      const feeds = feedsOf(window);
      const { logits: before } = await run(runtime, { logits: window.logits }, feeds);
      const place = 3;
      const { tokens: given } = feeds;
      const changed = Int32Array.from(given.data, Number);
      const { fields, fieldSizes, size } = model.outcome;
      for (let row = 0; row < batch; row++) {
        for (const [field, many] of fieldSizes.entries()) {
          const at = (row * steps + place) * fields + field;
          changed[at] = (changed[at] + 1) % many;
        }
      }
      const tokens = int32(given.shape, [...changed]);
      const { logits: after } = await run(runtime, { logits: window.logits }, { ...feeds, tokens });
      for (let row = 0; row < batch; row++) {
        const at = (step: number) => [(row * steps + step) * size, (row * steps + step + 1) * size] as const;
        expect(after.data.slice(...[at(0)[0], at(place - 1)[1]])).toEqual(
          before.data.slice(...[at(0)[0], at(place - 1)[1]]),
        );
        // And the token itself is heard, from its own place on.
        expect(after.data.slice(...at(place))).not.toEqual(before.data.slice(...at(place)));
      }
    });

    it("predicts step by step what it predicts for a window", async () => {
      const runtime = await openRuntime();
      const window = createWindow(model, steps, 2);
      const feeds = feedsOf(window);
      const { logits } = await run(runtime, { logits: window.logits }, feeds);
      const heard = { batch, steps, feeds };
      const stepwise = await hearInParts(model, runtime, heard, new Array<Part>(steps).fill("step"));
      expectClose(stepwise, logits.data, 1e-4);
    });

    it("goes on from a state in windows of any length as in a single one", async () => {
      const runtime = await openRuntime();
      const window = createWindow(model, steps, 9);
      const feeds = feedsOf(window);
      const { logits } = await run(runtime, { logits: window.logits }, feeds);
      for (const parts of [
        ["step", steps - 2, 1],
        [2, steps - 4, "step", 1],
      ] as const) {
        const found = await hearInParts(model, runtime, { batch, steps, feeds }, parts);
        expectClose(found, logits.data, 1e-4, parts.join(", "));
      }
    });

    it("has gradients that agree with finite differences", () => {
      const window = createWindow(model, steps, 3);
      const derived = gradients(window.loss, model.tensors);
      const known = knownNumbers(model, window, feedsOf(window));
      const names = Object.keys(model.tensors);
      const exact = evaluate(Object.values(derived), known);
      const random = createRandom(4);
      for (const [i, name] of names.entries()) {
        const numbers = known.get(model.tensors[name]);
        if (numbers === undefined) throw new Error(`${name} has no numbers`);
        for (let sample = 0; sample < 4; sample++) {
          const at = random.integer(numbers.values.length);
          const slope = difference(numbers, at, () => evaluate([window.loss], known)[0].values[0]);
          expect(exact[i].values[at], `${name}[${at}]`).toBeCloseTo(slope, 6);
        }
      }
    });

    it("has the gradients of the reference", async () => {
      const runtime = await openRuntime();
      const window = createWindow(model, steps, 5);
      const derived = gradients(window.loss, model.tensors);
      const feeds = feedsOf(window);
      const results = await run(runtime, { loss: window.loss, ...gradientOutputs(derived) }, feeds);
      const found = gradientsFrom(results);
      const expected = evaluate(Object.values(derived), knownNumbers(model, window, feeds));
      expect(Object.keys(found).sort()).toEqual(Object.keys(model.tensors).sort());
      for (const [i, name] of Object.keys(model.tensors).entries()) {
        expectClose(found[name].data, expected[i].values, 1e-5, name);
      }
    });

    it("learns one batch by heart", async () => {
      const runtime = await openRuntime();
      const window = createWindow(model, steps, 6);
      const outputs = { loss: window.loss, ...gradientOutputs(gradients(window.loss, model.tensors)) };
      const session = await runtime.open(build({ outputs }));
      const optimiser = openOptimiser("adam");
      let parameters = initialParameters(model, 7);
      let state = optimiser.init(parameters);
      let first = 0;
      let last = 0;
      for (let step = 0; step < 260; step++) {
        const results = await session.run({ ...parameterFeeds(parameters), ...window.feeds });
        last = scalarOf(results, "loss");
        if (step === 0) first = last;
        const gradientsNow = gradientsFrom(results);
        ({ parameters, state } = await optimiser.update({
          parameters,
          gradients: gradientsNow,
          state,
          learningRate: 0.01,
        }));
      }
      await session.dispose();
      if (model.outcome.unit === "nats") expect(first).toBeGreaterThan(1);
      expect(last).toBeLessThan(first / 40);
    }, 120_000);

    it("begins the same for one seed, and otherwise for another", () => {
      expect(initialParameters(model, 1)).toEqual(initialParameters(definition.open(config), 1));
      expect(initialParameters(model, 1)).not.toEqual(initialParameters(model, 2));
    });

    it("can be made again from the configuration that it answers", () => {
      const again = definition.open(JSON.parse(JSON.stringify(model.config)));
      expect(again.config).toEqual(model.config);
      expect(Object.keys(again.parameters)).toEqual(Object.keys(model.parameters));
    });

    it("drops the same for one seed, something else for another, and nothing without", async () => {
      const runtime = await openRuntime();
      const wet = definition.open({ ...config, dropout: 0.3 });
      const window = createWindow(wet, steps, 8);
      const lossOf = async (seed: number) =>
        scalarOf(
          await run(runtime, { loss: window.droppedLoss }, { ...feedsOf(window), seed: int32([], [seed]) }),
          "loss",
        );
      const dry = scalarOf(await run(runtime, { loss: window.loss }, feedsOf(window)), "loss");
      const losses = [await lossOf(1), await lossOf(1), await lossOf(2)];
      expect(losses[1]).toBe(losses[0]);
      expect(losses[2]).not.toBe(losses[0]);
      expect(losses[0]).not.toBe(dry);
    });
  });
}

function knownNumbers(
  model: Model,
  window: { readonly loss: Tensor; readonly droppedLoss: Tensor },
  feeds: NamedTensors,
): Map<Tensor, Numbers> {
  const known = new Map<Tensor, Numbers>();
  for (const tensor of inputsOf([window.loss, ...Object.values(model.tensors)])) {
    if (tensor.origin.kind !== "input") continue;
    const { type, shape, data } = feeds[tensor.origin.name];
    known.set(tensor, { type, shape, values: Float64Array.from(data, Number) });
  }
  return known;
}

function difference(numbers: Numbers, at: number, loss: () => number): number {
  const { values } = numbers;
  if (!(values instanceof Float64Array)) throw new Error("numbers that can be moved are doubles");
  const before = values[at];
  // What curves most, products of four things that all follow from one embedding, is straight over so short a step; float64
  // still has nine digits of the difference.
  const step = 1e-6;
  values[at] = before + step;
  const above = loss();
  values[at] = before - step;
  const below = loss();
  values[at] = before;
  return (above - below) / (2 * step);
}

/** Largest difference, relative to the largest number expected (at least 1). */
function expectClose(
  found: ArrayLike<number | bigint>,
  expected: ArrayLike<number | bigint>,
  tolerance: number,
  name = "",
): void {
  expect(found.length).toBe(expected.length);
  let worst = 0;
  let scale = 1;
  for (let i = 0; i < found.length; i++) {
    worst = Math.max(worst, Math.abs(Number(found[i]) - Number(expected[i])));
    scale = Math.max(scale, Math.abs(Number(expected[i])));
  }
  expect(worst / scale, name).toBeLessThan(tolerance);
}
