/** @file Steppers: step by step what a window predicts, on any runtime, until there is no room for more, or for ever. */
import { describe, expect, it } from "vitest";
import { drawTokens, livelyParameters, smallModels, vocabularySize } from "../../test/suites/small-models.ts";
import { exportForward, type Model, openModel } from "../models/index.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { createNodeRuntime } from "../platform/node/onnxruntime/runtime.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import { FeedError, type Runtime, RuntimeError } from "../runtime/session.ts";
import { createRandom } from "../util/random.ts";
import { ContextError } from "./memory.ts";
import { openStepper, type Stepper } from "./stepper.ts";

const direct: Runtime = { name: "onnxruntime-node", providers: ["cpu"], open: openDirect };
const batch = 2;
const threads = 1;

/** Column `step` of `[batch, steps, width]`. */
function column<Numbers extends Int32Array | Float32Array>(
  rows: Numbers,
  steps: number,
  step: number,
  width: number,
) {
  return Array.from({ length: batch * width }, (_, i) => {
    const row = Math.floor(i / width);
    return rows[(row * steps + step) * width + (i % width)];
  });
}

interface Sequences {
  readonly steps: number;
  readonly tokens: Int32Array;
  readonly controls: Float32Array;
}

function drawSequences(model: Model, steps: number): Sequences {
  const random = createRandom("controls");
  const controls = Float32Array.from({ length: batch * steps * model.controls }, () => random.next());
  return { steps, tokens: drawTokens(batch * steps, "tokens"), controls };
}

/** Logits `[batch, steps, vocabulary]`, all at once. */
async function logitsOfWindow(model: Model, { steps, tokens, controls }: Sequences): Promise<Float32Array> {
  const session = await openDirect(exportForward(model, livelyParameters(model), { batch, steps }), {
    threads,
  });
  const { logits } = await session.run({
    tokens: { type: "int32", shape: [batch, steps], data: tokens },
    ...(model.controls > 0
      ? { controls: { type: "float32", shape: [batch, steps, model.controls], data: controls } }
      : {}),
  });
  await session.dispose();
  if (logits.type !== "float32") throw new Error("logits are float32");
  return logits.data;
}

function next(stepper: Stepper, model: Model, { steps, tokens, controls }: Sequences, step: number) {
  return stepper.next(
    Int32Array.from(column(tokens, steps, step, 1)),
    Float32Array.from(column(controls, steps, step, model.controls)),
  );
}

function distance(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(found).toHaveLength(wanted.length);
  return Array.from(found).reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0);
}

describe.each(smallModels)("stepping through %s %j", (name, config) => {
  const model = openModel(name, config);
  const parameters = livelyParameters(model);

  it.each([
    { runtime: direct, steps: 140 },
    { runtime: createInterpreter(), steps: 132 },
  ])("predicts for $steps steps what a window predicts: $runtime.name", async ({ runtime, steps }) => {
    const sequences = drawSequences(model, steps);
    const window = await logitsOfWindow(model, sequences);
    const stepper = await openStepper(runtime, model, parameters, { batch, threads });
    for (let step = 0; step < steps; step++) {
      expect(stepper.steps).toBe(step);
      const logits = await next(stepper, model, sequences, step);
      expect(distance(logits, column(window, steps, step, vocabularySize)), `step ${step}`).toBeLessThan(
        1e-5,
      );
    }
    await stepper.dispose();
  });

  it("begins anew after a reset", async () => {
    const sequences = drawSequences(model, 3);
    const stepper = await openStepper(direct, model, parameters, { batch, threads });
    const run = async () => {
      const all: Float32Array[] = [];
      for (let step = 0; step < 3; step++) all.push(await next(stepper, model, sequences, step));
      return all;
    };
    const first = await run();
    expect(await next(stepper, model, sequences, 0)).not.toEqual(first[0]);
    stepper.reset();
    expect(stepper.steps).toBe(0);
    expect(await run()).toEqual(first);
    await stepper.dispose();
  });

  it("comes near with weights of eight bits", async () => {
    const sequences = drawSequences(model, 20);
    const [exact, rounded] = await Promise.all(
      (["float32", "int8"] as const).map((precision) =>
        openStepper(direct, model, parameters, { batch, threads, precision }),
      ),
    );
    let squares = 0;
    let errors = 0;
    for (let step = 0; step < 20; step++) {
      const wanted = await next(exact, model, sequences, step);
      const found = await next(rounded, model, sequences, step);
      for (const [i, value] of wanted.entries()) {
        squares += value ** 2;
        errors += (found[i] - value) ** 2;
      }
    }
    // Steps of 1 / 63 for weights and 1 / 255 for what they multiply, through several products.
    expect(errors).toBeGreaterThan(0);
    expect(Math.sqrt(errors / squares)).toBeLessThan(0.05);
    await Promise.all([exact.dispose(), rounded.dispose()]);
  });
});

describe("a stepper", () => {
  it("hears controls, which are zeros unless given", async () => {
    const model = openModel("gru", { vocabularySize, layers: 1, hiddenSize: 4, controls: 2 });
    const stepper = await openStepper(direct, model, livelyParameters(model), { threads });
    const hear = async (controls?: Float32Array) => {
      stepper.reset();
      return stepper.next(Int32Array.of(1), controls);
    };
    expect(await hear()).toEqual(await hear(Float32Array.of(0, 0)));
    expect(await hear(Float32Array.of(1, 0))).not.toEqual(await hear());
    await expect(hear(Float32Array.of(1))).rejects.toThrow(FeedError);
    await stepper.dispose();
  });

  it("says that a context is full, and goes on after a reset", async () => {
    const model = openModel("transformer", { vocabularySize, layers: 1, features: 4, heads: 2, context: 5 });
    for (const runtime of [createInterpreter(), direct]) {
      const stepper = await openStepper(runtime, model, livelyParameters(model), { threads });
      const hear = () => stepper.next(Int32Array.of(1));
      const first = await hear();
      for (let step = 1; step < 5; step++) await hear();
      for (let attempt = 0; attempt < 2; attempt++) {
        await expect(hear()).rejects.toThrow(ContextError);
        await expect(hear()).rejects.toThrow("6 tokens were given, expected at most 5");
        expect(stepper.steps).toBe(5);
      }
      stepper.reset();
      expect(await hear()).toEqual(first);
      await stepper.dispose();
    }
  });

  it("goes on past every window it was trained on: ten thousand steps, and memory stays as it is", async () => {
    const reach = 16;
    const model = openModel("transformer", { vocabularySize, layers: 2, features: 8, heads: 2, reach });
    const parameters = livelyParameters(model);
    const fed: number[] = [];
    const watched: Runtime = {
      ...direct,
      async open(...given) {
        const session = await direct.open(...given);
        return {
          ...session,
          run(feeds, wanted) {
            fed.push(Object.values(feeds).reduce((sum, { data }) => sum + data.byteLength, 0));
            return session.run(feeds, wanted);
          },
        };
      },
    };
    const stepper = await openStepper(watched, model, parameters, { threads });
    const heard = drawTokens(10_000, "for ever");
    let last = new Float32Array(0);
    for (const token of heard) last = Float32Array.from(await stepper.next(Int32Array.of(token)));
    expect(stepper.steps).toBe(10_000);
    expect(new Set(fed).size).toBe(1);
    await stepper.dispose();
    // What was heard longer ago than all layers look back together does not matter.
    const fresh = await openStepper(direct, model, parameters, { threads });
    let recent = new Float32Array(0);
    for (const token of heard.slice(-2 * reach - 1))
      recent = Float32Array.from(await fresh.next(Int32Array.of(token)));
    expect(distance(last, recent)).toBeLessThan(1e-5);
    await fresh.dispose();
  });

  it("refuses tokens for another number of sequences, and remembers what it has heard", async () => {
    const model = openModel("lstm", { vocabularySize, layers: 1, hiddenSize: 4 });
    const stepper = await openStepper(createInterpreter(), model, livelyParameters(model), { batch });
    await stepper.next(Int32Array.of(1, 2));
    await expect(stepper.next(Int32Array.of(1))).rejects.toThrow(FeedError);
    expect(stepper.steps).toBe(1);
    await stepper.dispose();
    await expect(stepper.next(Int32Array.of(1, 2))).rejects.toThrow(RuntimeError);
  });

  it("works on a thread of its own", async () => {
    const model = openModel("transformer", { vocabularySize, layers: 1, features: 4, heads: 2, context: 5 });
    const parameters = livelyParameters(model);
    const own = await openStepper(createNodeRuntime(), model, parameters, { threads });
    const here = await openStepper(direct, model, parameters, { threads });
    for (const token of [3, 1, 4]) {
      expect(await own.next(Int32Array.of(token))).toEqual(await here.next(Int32Array.of(token)));
    }
    await Promise.all([own.dispose(), here.dispose()]);
  });
});
