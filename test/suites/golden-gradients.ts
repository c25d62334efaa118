/** @file Gradients that PyTorch computed (tools/golden-gradients.py): what a provider must reproduce before it may train. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { z } from "zod";
import { build } from "../../src/graph/build.ts";
import { gradients } from "../../src/graph/gradient.ts";
import { reshape } from "../../src/graph/operators/index.ts";
import { input } from "../../src/graph/tensor.ts";
import { openModel } from "../../src/models/index.ts";
import { crossEntropy, weightedMean } from "../../src/nn/loss.ts";
import { gradientOutputs, gradientsFrom, parameterFeeds, scalarOf } from "../../src/runtime/feeds.ts";
import type { Runtime, SessionOptions } from "../../src/runtime/session.ts";

const numbers = z.array(z.number());
const schema = z.array(
  z.object({
    name: z.string(),
    config: z.record(z.string(), z.unknown()),
    shape: z.tuple([z.number(), z.number()]),
    tokens: numbers,
    targets: numbers,
    weights: numbers,
    parameters: z.record(z.string(), z.object({ shape: numbers, values: numbers })),
    loss: z.number(),
    gradients: z.record(z.string(), numbers),
  }),
);

const path = new URL("../golden/gradients.json", import.meta.url);
const goldens = schema.parse(JSON.parse(readFileSync(path, "utf8")));

export function goldenGradients(openRuntime: () => Promise<Runtime>, options: SessionOptions = {}): void {
  for (const golden of goldens) {
    const { attention = "", positions = "" } = golden.config;
    const title = [golden.name, attention, positions].filter((each) => each !== "").join(", ");
    it(`gives the gradients of PyTorch: ${title}`, async () => {
      const runtime = await openRuntime();
      const [batch, steps] = golden.shape;
      const model = openModel(golden.name, golden.config);
      const { logits } = model.forward({ tokens: input("tokens", "int32", [batch, steps]) });
      const losses = crossEntropy(
        reshape(logits, [batch * steps, model.vocabularySize]),
        input("targets", "int32", [batch * steps]),
      );
      const loss = weightedMean(losses, input("weights", "float32", [batch * steps]));
      const outputs = { loss, ...gradientOutputs(gradients(loss, model.tensors)) };
      const session = await runtime.open(build({ outputs }), options);
      const parameters = Object.fromEntries(
        Object.entries(golden.parameters).map(([name, { shape, values }]) => [
          name,
          { shape, data: Float32Array.from(values) },
        ]),
      );
      const results = await session.run({
        ...parameterFeeds(parameters),
        tokens: { type: "int32", shape: [batch, steps], data: Int32Array.from(golden.tokens) },
        targets: { type: "int32", shape: [batch * steps], data: Int32Array.from(golden.targets) },
        weights: { type: "float32", shape: [batch * steps], data: Float32Array.from(golden.weights) },
      });
      await session.dispose();
      expect(scalarOf(results, "loss")).toBeCloseTo(golden.loss, 5);
      const found = gradientsFrom(results);
      expect(Object.keys(found).sort()).toEqual(Object.keys(golden.gradients).sort());
      for (const [name, expected] of Object.entries(golden.gradients)) {
        const worst = expected.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - found[name].data[i])),
          0,
        );
        expect(worst, name).toBeLessThan(1e-5);
      }
    });
  }
}
