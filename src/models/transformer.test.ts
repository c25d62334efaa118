/**
 * @file The transformer's context: how long a window may be; its reach and its linear attention, with which there is no end;
 * and its relative positions.
 */
import { describe, expect, it } from "vitest";
import { hearInParts } from "../../test/suites/model-parts.ts";
import { livelyParameters } from "../../test/suites/small-models.ts";
import { evaluate } from "../graph/evaluate.ts";
import { ShapeError } from "../graph/shape.ts";
import { input } from "../graph/tensor.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { parameterFeeds } from "../runtime/feeds.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import type { Runtime } from "../runtime/session.ts";
import { ConfigError } from "../util/errors.ts";
import { createRandom } from "../util/random.ts";
import { exportForward, openModel } from "./index.ts";
import { initialParameters, type Model } from "./model.ts";

const node: Runtime = { name: "onnxruntime-node", providers: ["cpu"], open: openDirect };
const context = 16;
const model = openModel("transformer", { vocabularySize: 7, layers: 1, features: 8, heads: 2, context });

it("takes windows up to its context, and refuses longer ones", () => {
  const parameters = initialParameters(model, 1);
  expect(exportForward(model, parameters, { batch: 1, steps: context }).graph.outputs[0].shape).toEqual([
    1, 16, 7,
  ]);
  const attempt = () => exportForward(model, parameters, { batch: 1, steps: context + 1 });
  expect(attempt).toThrow(ShapeError);
  expect(attempt).toThrow("transformer: expected [batch, steps] of at most 16 steps, got [1, 17]");
});

it.each([[["batch", "steps"]], [[2]], [[2, 3, 1]]])("refuses tokens of %j", (shape) => {
  expect(() => model.forward({ tokens: input("tokens", "int32", shape) })).toThrow(ShapeError);
});

describe("a transformer with a reach", () => {
  const reach = 8;
  const settings = { vocabularySize: 7, layers: 2, features: 8, heads: 2, hiddenSize: 12, reach };
  const local = openModel("transformer", settings);
  const parameters = parameterFeeds(livelyParameters(local));
  const circle = 8 * reach;

  it("has no context, and says so of its configuration", () => {
    expect(local.context).toBeUndefined();
    expect(local.config).not.toHaveProperty("context");
    expect(openModel("transformer", { vocabularySize: 7 })).toMatchObject({
      context: 2048,
      config: { context: 2048 },
    });
    const attempt = () => openModel("transformer", { ...settings, context: 16 });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(
      "model transformer: found a context of 16 beside a reach of 8, expected one of them: leave out the context, for with a reach windows have any length",
    );
  });

  it("keeps a ring for each layer", () => {
    expect(local.state).toMatchObject({
      position: { update: "replace" },
      "blocks.1.keys": { shape: ["batch", 2, "past", 4], update: { append: 2, ring: reach } },
    });
  });

  it("looks back layers times its reach, and not a step further", async () => {
    const steps = 24;
    const heard = (first: number) => ({
      batch: 1,
      steps,
      feeds: {
        ...parameters,
        tokens: {
          type: "int32",
          shape: [1, steps],
          data: Int32Array.from({ length: steps }, (_, i) => (i === 0 ? first : (3 * i) % 7)),
        } as const,
      },
    });
    const [one, other] = await Promise.all(
      [1, 2].map((first) => hearInParts(local, createInterpreter(), heard(first), [steps])),
    );
    const differs = Array.from({ length: steps }, (_, step) =>
      one.slice(7 * step, 7 * step + 7).some((value, i) => value !== other[7 * step + i]),
    );
    // From the token itself to what hears it through both layers.
    expect(differs.lastIndexOf(true)).toBe(2 * reach);
  });

  it("stays below a position that its tables hold, in the same place of the ring", () => {
    const position = input("position", "int32", [5, 1]);
    const before = [0, 3, reach, circle + reach - 1, circle];
    for (const steps of [1, 5, 200]) {
      const keys = input("keys", "float32", [5, 2, reach, 4]);
      const state = Object.fromEntries(
        Object.keys(local.state).map((name) => [name, name === "position" ? position : keys]),
      );
      const {
        state: { position: after },
      } = local.forward({ tokens: input("tokens", "int32", [5, steps]), state });
      const known = new Map([[position, { type: "int32", shape: [5, 1], values: before } as const]]);
      const [{ values }] = evaluate([after], known);
      for (const [i, value] of Array.from(values).entries()) {
        const absolute = before[i] + steps;
        expect(value).toBe(absolute < reach ? absolute : reach + ((absolute - reach) % circle));
      }
    }
  });

  it("predicts at step 100,000 what it predicts at step 1,000 with the same recent history", async () => {
    const layerReach = settings.layers * reach;
    const random = createRandom("history");
    const recent = Array.from({ length: layerReach + 1 }, () => random.integer(7));
    const logitsAt = async (steps: number) => {
      const tokens = Int32Array.from({ length: steps }, () => random.integer(7));
      tokens.set(recent, steps - recent.length);
      const feeds = { ...parameters, tokens: { type: "int32", shape: [1, steps], data: tokens } as const };
      // In long windows up to shortly before, then step by step.
      const parts = [
        ...new Array<number>(steps / 500 - 1).fill(500),
        480,
        ...new Array<"step">(20).fill("step"),
      ];
      const all = await hearInParts(local, node, { batch: 1, steps, feeds }, parts);
      return all.slice(-7);
    };
    const [early, late] = [await logitsAt(1000), await logitsAt(100_000)];
    for (const [i, value] of late.entries()) expect(Math.abs(value - early[i])).toBeLessThan(1e-5);
  });
});

const shapesOf = ({ parameters }: Model) =>
  Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape]));

describe("a transformer with relative positions", () => {
  const settings = { vocabularySize: 7, layers: 1, features: 8, heads: 2, hiddenSize: 12 } as const;

  it("has, beside what others have, a vector for each distance that it sees, in each head", () => {
    for (const [span, distances] of [
      [{ context: 16 }, 16],
      [{ reach: 5 }, 6],
    ] as const) {
      const rotary = openModel("transformer", { ...settings, ...span });
      const relative = openModel("transformer", { ...settings, ...span, positions: "relative" });
      expect(shapesOf(relative)).toEqual({
        ...shapesOf(rotary),
        "blocks.0.attention.distance.weight": [2, distances, 4],
      });
      expect(relative.state).toEqual(rotary.state);
      // Rotary is what models of before there was a choice are.
      expect(rotary.config).toMatchObject({ positions: "rotary", attention: "softmax" });
    }
  });

  it("hears positions by these vectors alone", async () => {
    const relative = openModel("transformer", { ...settings, context: 8, positions: "relative" });
    const parameters = livelyParameters(relative);
    const name = "blocks.0.attention.distance.weight";
    const still = {
      ...parameters,
      [name]: { shape: parameters[name].shape, data: new Float32Array(parameters[name].data.length) },
    };
    const last = async (weights: typeof parameters, tokens: readonly number[]) => {
      const feeds = {
        ...parameterFeeds(weights),
        tokens: { type: "int32", shape: [1, 4], data: Int32Array.from(tokens) } as const,
      };
      const all = await hearInParts(relative, createInterpreter(), { batch: 1, steps: 4, feeds }, [4]);
      return all.slice(-7);
    };
    const orders = [
      [1, 2, 3, 4],
      [3, 1, 2, 4],
    ];
    const differences = await Promise.all(
      [parameters, still].map(async (weights) => {
        const [one, other] = await Promise.all(orders.map((tokens) => last(weights, tokens)));
        return Math.max(...one.map((value, i) => Math.abs(value - other[i])));
      }),
    );
    expect(differences[0]).toBeGreaterThan(1e-3);
    expect(differences[1]).toBeLessThan(1e-5);
  });

  it("predicts at step 4,000 what it predicts at step 400 with the same recent history", async () => {
    const reach = 8;
    const local = openModel("transformer", { ...settings, layers: 2, reach, positions: "relative" });
    const random = createRandom("history");
    const recent = Array.from({ length: 2 * reach + 1 }, () => random.integer(7));
    const logitsAt = async (steps: number) => {
      const tokens = Int32Array.from({ length: steps }, () => random.integer(7));
      tokens.set(recent, steps - recent.length);
      const feeds = {
        ...parameterFeeds(livelyParameters(local)),
        tokens: { type: "int32", shape: [1, steps], data: tokens } as const,
      };
      const parts = [
        ...new Array<number>(steps / 100 - 1).fill(100),
        90,
        ...new Array<"step">(10).fill("step"),
      ];
      return (await hearInParts(local, node, { batch: 1, steps, feeds }, parts)).slice(-7);
    };
    const [early, late] = [await logitsAt(400), await logitsAt(4000)];
    for (const [i, value] of late.entries()) expect(Math.abs(value - early[i])).toBeLessThan(1e-5);
  });
});

describe("a transformer with linear attention", () => {
  const settings = {
    vocabularySize: 7,
    layers: 2,
    features: 32,
    heads: 2,
    hiddenSize: 12,
    attention: "linear",
  } as const;
  const linear = openModel("transformer", settings);

  it("has no context, and a memory of one size for each layer", () => {
    expect(linear.context).toBeUndefined();
    expect(linear.state).toEqual({
      "blocks.0.memory": { type: "float32", shape: ["batch", 2, 16, 16], update: "replace" },
      "blocks.1.memory": { type: "float32", shape: ["batch", 2, 16, 16], update: "replace" },
    });
  });

  it.each([
    [
      { reach: 8 },
      "model transformer: found a reach of 8 beside linear attention, expected none: leave it out, for linear attention hears all that went before, in windows of any length",
    ],
    [
      { context: 64 },
      "model transformer: found a context of 64 beside linear attention, expected none: leave it out, for linear attention hears all that went before, in windows of any length",
    ],
    [
      { positions: "relative" },
      "model transformer: found relative positions beside linear attention, expected rotary ones: leave them out, or take softmax attention",
    ],
  ])("refuses %j", (more, sentence) => {
    const attempt = () => openModel("transformer", { ...settings, ...more });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(sentence);
  });

  it("hears 8,192 steps in one window, as in two, and as step by step to its end", async () => {
    const steps = 8192;
    const random = createRandom("long");
    const feeds = {
      ...parameterFeeds(livelyParameters(linear)),
      tokens: {
        type: "int32",
        shape: [1, steps],
        data: Int32Array.from({ length: steps }, () => random.integer(7)),
      } as const,
    };
    const heard = { batch: 1, steps, feeds };
    const whole = await hearInParts(linear, node, heard, [steps]);
    expect(whole.every(Number.isFinite)).toBe(true);
    const parts = [steps / 2, steps / 2 - 20, ...new Array<"step">(20).fill("step")];
    const found = await hearInParts(linear, node, heard, parts);
    const worst = found.reduce((most, value, i) => Math.max(most, Math.abs(value - whole[i])), 0);
    expect(worst).toBeLessThan(1e-3);
  });

  it("hears what lies thousands of steps back, where a gate lets it", async () => {
    const steps = 4096;
    const parameters = livelyParameters(linear);
    // Gates that stay open, whatever comes.
    const open = Object.fromEntries(
      Object.entries(parameters).map(([name, { shape, data }]) => {
        if (name.endsWith("decay.weight")) return [name, { shape, data: new Float32Array(data.length) }];
        if (name.endsWith("decay.bias")) return [name, { shape, data: data.map(() => 12) }];
        return [name, { shape, data }];
      }),
    );
    const last = async (weights: typeof parameters, first: number) => {
      const tokens = Int32Array.from({ length: steps }, (_, i) => (i === 0 ? first : (3 * i) % 7));
      const feeds = {
        ...parameterFeeds(weights),
        tokens: { type: "int32", shape: [1, steps], data: tokens } as const,
      };
      return (await hearInParts(linear, node, { batch: 1, steps, feeds }, [steps])).slice(-7);
    };
    const differenceOf = async (weights: typeof parameters) => {
      const [one, other] = [await last(weights, 1), await last(weights, 2)];
      return Math.max(...one.map((value, i) => Math.abs(value - other[i])));
    };
    expect(await differenceOf(open)).toBeGreaterThan(1e-5);
    // The memories it begins with have faded by then.
    expect(await differenceOf(parameters)).toBeLessThan(1e-5);
  });
});
