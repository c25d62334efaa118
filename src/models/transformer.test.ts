/** @file The transformer's context: how long a window may be; and its reach, with which there is no end. */
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
import { initialParameters } from "./model.ts";

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
