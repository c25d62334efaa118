/** @file The transformer's context: how long a window may be. */
import { expect, it } from "vitest";
import { ShapeError } from "../graph/shape.ts";
import { input } from "../graph/tensor.ts";
import { exportForward, openModel } from "./index.ts";
import { initialParameters } from "./model.ts";

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
