/** @file The names by which training graphs speak: parameters in, gradients out. */
import { describe, expect, it } from "vitest";
import { build } from "../graph/build.ts";
import { gradients } from "../graph/gradient.ts";
import { mul, reduceSum } from "../graph/operators/index.ts";
import { input } from "../graph/tensor.ts";
import { gradientOutputs, gradientsFrom, parameterFeeds, scalarOf } from "./feeds.ts";
import { createInterpreter } from "./interpreter.ts";
import { RuntimeError, type TensorData } from "./session.ts";

const float32 = (...data: readonly number[]): TensorData => ({
  type: "float32",
  shape: [data.length],
  data: Float32Array.from(data),
});

describe("parameters and gradients", () => {
  it("go into a training graph and come out of it by the same names", async () => {
    const tensors = {
      "blocks.0.weight": input("blocks.0.weight", "float32", [2]),
      "gradient.like": input("gradient.like", "float32", [2]),
    };
    const loss = reduceSum(mul(tensors["blocks.0.weight"], tensors["gradient.like"]));
    const outputs = { loss, ...gradientOutputs(gradients(loss, tensors)) };
    const session = await createInterpreter().open(build({ outputs }));
    const parameters = {
      "blocks.0.weight": { shape: [2], data: Float32Array.of(1, 2) },
      "gradient.like": { shape: [2], data: Float32Array.of(3, 4) },
    };
    const results = await session.run(parameterFeeds(parameters));
    expect(scalarOf(results, "loss")).toBe(11);
    expect(gradientsFrom(results)).toEqual({
      "blocks.0.weight": parameters["gradient.like"],
      "gradient.like": parameters["blocks.0.weight"],
    });
  });

  it("are shared, not copied", () => {
    const data = Float32Array.of(1);
    const { weight } = parameterFeeds({ weight: { shape: [1], data } });
    expect(weight.data).toBe(data);
    const { weight: again } = gradientsFrom({ "gradient.weight": weight, other: weight });
    expect(again.data).toBe(data);
  });

  it("are float32", () => {
    const wrong: TensorData = { type: "float64", shape: [1], data: Float64Array.of(1) };
    expect(() => gradientsFrom({ "gradient.weight": wrong })).toThrow(RuntimeError);
    expect(() => gradientsFrom({ "gradient.weight": wrong })).toThrow(
      '"gradient.weight" came back as float64, expected float32',
    );
  });
});

describe("a scalar", () => {
  it("is one number, of any element type and rank", () => {
    expect(scalarOf({ loss: float32(1.5) }, "loss")).toBe(1.5);
    const whole: TensorData = { type: "int64", shape: [], data: BigInt64Array.of(7n) };
    expect(scalarOf({ whole }, "whole")).toBe(7);
  });

  it("is neither several nor none", () => {
    for (const results of [{ loss: float32(1, 2) }, { loss: float32() }, {}]) {
      expect(() => scalarOf(results, "loss")).toThrow(RuntimeError);
      expect(() => scalarOf(results, "loss")).toThrow('"loss" did not come back as one number');
    }
  });
});
