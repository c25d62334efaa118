/** @file Binding: a model that needs nothing beside it, and the model that it was made from. */
import { describe, expect, it } from "vitest";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import { UsageError } from "../util/errors.ts";
import type { Parameters } from "../util/parameters.ts";
import { bindParameters } from "./bind.ts";
import { build } from "./build.ts";
import { gemm } from "./operators/index.ts";
import { input } from "./tensor.ts";

const x = input("x", "float32", ["batch", 2]);
const weight = input("weight", "float32", [2, 3]);
const bias = input("bias", "float32", [3]);
const model = build({ outputs: { y: gemm(x, weight, bias) } });
const parameters: Parameters = {
  weight: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  bias: { shape: [3], data: Float32Array.of(10, 20, 30) },
};
const feeds = { x: { type: "float32", shape: [1, 2], data: Float32Array.of(1, -1) } } as const;
const expected = { y: { type: "float32", shape: [1, 3], data: Float32Array.of(7, 17, 27) } };

describe("binding", () => {
  it.each([createInterpreter(), { name: "onnxruntime-node", open: openDirect }])(
    "makes a model that needs no parameters: $name",
    async ({ open }) => {
      const session = await open(bindParameters(model, parameters));
      expect(session.inputs.map(({ name }) => name)).toEqual(["x"]);
      expect(await session.run(feeds)).toEqual(expected);
      await session.dispose();
    },
  );

  it("leaves the model as it was, and what is not bound an input", () => {
    const before = structuredClone(model);
    const { bias: alone } = parameters;
    const bound = bindParameters(model, { bias: alone });
    expect(model).toEqual(before);
    expect(bound.graph.inputs.map(({ name }) => name)).toEqual(["x", "weight"]);
    expect(bound.graph.constants.map(({ name }) => name)).toEqual(["bias"]);
    expect(bound.graph.nodes).toEqual(model.graph.nodes);
  });

  it("takes part of an array for what it is", async () => {
    const whole = Float32Array.of(0, 0, 1, 2, 3, 4, 5, 6, 0);
    const part = { ...parameters, weight: { shape: [2, 3], data: whole.subarray(2, 8) } };
    const session = await createInterpreter().open(bindParameters(model, part));
    expect(await session.run(feeds)).toEqual(expected);
  });

  it("leaves out what is no input", () => {
    const { weight: own } = parameters;
    expect(bindParameters(model, { stranger: own, toString: own })).toEqual(model);
  });

  it.each([[[3, 2]], [[6]], [[2, 3, 1]]])("refuses a weight of %j", (shape) => {
    const { weight: own } = parameters;
    const attempt = () => bindParameters(model, { weight: { ...own, shape } });
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(
      `parameter "weight" has shape [${shape.join(", ")}], expected float32[2, 3]: give the parameters of this model`,
    );
  });

  it("refuses floats for an input of whole numbers", () => {
    const counts = build({ outputs: { same: input("counts", "int32", [2]) } });
    const attempt = () => bindParameters(counts, { counts: { shape: [2], data: new Float32Array(2) } });
    expect(attempt).toThrow("expected int32[2]");
  });
});
