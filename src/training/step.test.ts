/** @file A training step: what it makes of micro-batches, and what it leaves alone when it fails. */
import { describe, expect, it } from "vitest";
import { add, log, matmul, mul, reduceMean, sqrt, sub } from "../graph/operators/index.ts";
import { input } from "../graph/tensor.ts";
import { openOptimiser } from "../optim/index.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import type { Runtime, TensorData } from "../runtime/session.ts";
import type { Parameters } from "../util/parameters.ts";
import { beginTraining, type MicroBatch, NonFiniteLossError, openGradients, trainStep } from "./index.ts";

const float32 = (shape: readonly number[], data: readonly number[]): TensorData => ({
  type: "float32",
  shape,
  data: Float32Array.from(data),
});

/** A line through points: two weights and a bias. */
const rows = 4;
const x = input("x", "float32", [rows, 2]);
const y = input("y", "float32", [rows, 1]);
const weight = input("weight", "float32", [2, 1]);
const bias = input("bias", "float32", [1]);
const difference = sub(add(matmul(x, weight), bias), y);
const loss = reduceMean(mul(difference, difference));

const begin = (): Parameters => ({
  weight: { shape: [2, 1], data: Float32Array.of(0.5, -0.5) },
  bias: { shape: [1], data: Float32Array.of(0) },
});

const batches: readonly MicroBatch[] = [0, 1, 2].map((seed) => ({
  feeds: {
    x: float32(
      [rows, 2],
      Array.from({ length: rows * 2 }, (_, i) => Math.sin(i + seed)),
    ),
    y: float32(
      [rows, 1],
      Array.from({ length: rows }, (_, i) => Math.cos(i * seed)),
    ),
  },
  weight: seed + 1,
}));

describe("a training step", () => {
  it("is the same on one session and on three, and comes nearer to the data", async () => {
    const runs = await Promise.all(
      [1, 3].map(async (workers) => {
        const gradients = await openGradients(createInterpreter(), loss, { weight, bias }, { workers });
        const optimiser = openOptimiser("sgd", { momentum: 0 });
        let state = beginTraining(begin(), optimiser);
        const losses: number[] = [];
        for (let i = 0; i < 20; i++) {
          const result = await trainStep(gradients, optimiser, state, batches, { learningRate: 0.1 });
          state = result.state;
          losses.push(result.loss);
        }
        await gradients.dispose();
        return { losses, parameters: state.parameters };
      }),
    );
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[0].losses[19]).toBeLessThan(0.8 * runs[0].losses[0]);
  });

  it("weighs micro-batches: two of weight 1 are one of both", async () => {
    const gradients = await openGradients(createInterpreter(), loss, { weight, bias });
    const pair = batches.slice(0, 2).map(({ feeds }) => ({ feeds, weight: 1 }));
    const both = await gradients.run(begin(), pair, 1);
    const weightOf = ({ weight: array }: Parameters) => Float32Array.from(array.data);
    const bothWeight = weightOf(both.gradients);
    const singles = [];
    for (const each of pair) {
      const { gradients: found, loss: single } = await gradients.run(begin(), [each], 1);
      singles.push({ data: weightOf(found), loss: single });
    }
    expect(both.loss).toBeCloseTo((singles[0].loss + singles[1].loss) / 2, 6);
    for (let i = 0; i < 2; i++) {
      expect(bothWeight[i]).toBeCloseTo((singles[0].data[i] + singles[1].data[i]) / 2, 6);
    }
  });

  it("does not begin on a provider whose gradients are wrong", async () => {
    const interpreter = createInterpreter();
    let opened = 0;
    const wrong: Runtime = {
      name: "wrong",
      providers: ["cpu", "crooked"],
      async open(model, { provider = "cpu" } = {}) {
        opened++;
        const session = await interpreter.open(model);
        if (provider === "cpu") return session;
        return {
          ...session,
          run: async (feeds, outputs) =>
            Object.fromEntries(
              Object.entries(await session.run(feeds, outputs)).map(([name, tensor]) => [
                name,
                tensor.type === "float32"
                  ? { ...tensor, data: tensor.data.map((value) => 1.01 * value) }
                  : tensor,
              ]),
            ),
        };
      },
    };
    const opening = openGradients(wrong, loss, { weight, bias }, { provider: "crooked" });
    await expect(opening).rejects.toThrow(
      'provider "crooked" of wrong gets the gradients of lstm, gru, transformer wrong',
    );
    const before = opened;
    await expect(openGradients(wrong, loss, { weight }, { provider: "crooked" })).rejects.toThrow("crooked");
    expect(opened).toBe(before);
    await expect(openGradients(wrong, loss, { weight, bias })).resolves.toBeDefined();
  });

  it("clips by the global norm", async () => {
    const gradients = await openGradients(createInterpreter(), loss, { weight, bias });
    const optimiser = openOptimiser("sgd", { momentum: 0 });
    const before = begin();
    const { state, gradientNorm } = await trainStep(
      gradients,
      optimiser,
      beginTraining(begin(), optimiser),
      batches,
      {
        learningRate: 1,
        clipNorm: 0.01,
      },
    );
    expect(gradientNorm).toBeGreaterThan(0.01);
    const moved = Object.keys(before).flatMap((name) =>
      Array.from(before[name].data, (value, i) => value - state.parameters[name].data[i]),
    );
    expect(Math.hypot(...moved)).toBeCloseTo(0.01, 5);
  });

  it("says where a NaN begins, and leaves the state as it was", async () => {
    const broken = reduceMean(log(matmul(x, weight)));
    const gradients = await openGradients(createInterpreter(), broken, { weight });
    const optimiser = openOptimiser("adam");
    const state = beginTraining({ weight: { shape: [2, 1], data: Float32Array.of(-1, -1) } }, optimiser);
    const before = structuredClone(state);
    const feeds = { x: float32([rows, 2], [1, 1, 1, 1, 1, 1, 1, 1]) };
    const failing = trainStep(gradients, optimiser, state, [{ feeds, weight: 1 }], { learningRate: 0.1 });
    await expect(failing).rejects.toThrow(NonFiniteLossError);
    await expect(failing).rejects.toThrow("step 1: the loss is NaN, which begins in Log float32[4, 1]");
    expect(state).toEqual(before);
  });

  it("says where an infinite gradient of a finite loss begins", async () => {
    // √0 is 0, and as steep as can be.
    const steep = reduceMean(sqrt(mul(weight, weight)));
    const gradients = await openGradients(createInterpreter(), steep, { weight });
    const optimiser = openOptimiser("sgd");
    const state = beginTraining({ weight: { shape: [2, 1], data: Float32Array.of(0, 1) } }, optimiser);
    const before = structuredClone(state);
    const failing = trainStep(gradients, optimiser, state, [{ feeds: {}, weight: 1 }], { learningRate: 0.1 });
    await expect(failing).rejects.toThrow(
      'step 1: the gradient of "weight" is not finite, which begins in Div',
    );
    expect(state).toEqual(before);
  });

  it("says when it was fed a NaN", async () => {
    const gradients = await openGradients(createInterpreter(), loss, { weight, bias });
    const feeds = { ...batches[0].feeds, y: float32([rows, 1], [0, Number.NaN, 0, 0]) };
    await expect(gradients.run(begin(), [{ feeds, weight: 1 }], 7)).rejects.toThrow(
      "step 7: the loss is NaN, which begins in y float32[4, 1]",
    );
  });
});
