/** @file Linear layers and embeddings: the same for matrices and for batches of them. */
import { expect, it } from "vitest";
import { drawNumbers, expectAgreement, expectSlopes, projection } from "../../test/suites/numerics.ts";
import { add, cast, equal, matmul, reshape } from "../graph/operators/index.ts";
import { constant, input } from "../graph/tensor.ts";
import { Embedding } from "./embedding.ts";
import { Linear } from "./linear.ts";
import { ParameterScope } from "./parameter.ts";

it.each([[[6, 4]], [[2, 3, 4]]])("a linear layer of %j is x · W + b", (shape) => {
  for (const useBias of [true, false]) {
    const scope = ParameterScope.root();
    const layer = new Linear(scope, { inFeatures: 4, outFeatures: 5, useBias });
    const x = input("x", "float32", shape);
    const { weight, bias } = scope.tensors();
    expect(bias === undefined).toBe(!useBias);
    const product = matmul(x, weight);
    const targets = [x, ...Object.values(scope.tensors())];
    const known = drawNumbers(targets, "linear");
    expectAgreement([layer.forward(x)], [bias ? add(product, bias) : product], targets, known);
    expectSlopes(projection([layer.forward(x)]), targets, known);
  }
});

it("an embedding is the product with a one-hot vector, and so is its gradient", () => {
  const scope = ParameterScope.root();
  const embedding = new Embedding(scope, { classes: 3, features: 4 });
  const classes = input("classes", "int32", [2, 5]);
  const column = constant([0, 1, 2], { type: "int32" });
  const oneHot = cast(equal(reshape(classes, [2, 5, 1]), column), "float32");
  const known = drawNumbers([embedding.weight, classes], "embedding");
  const written = matmul(oneHot, embedding.weight);
  expectAgreement([embedding.forward(classes)], [written], [embedding.weight], known);
});
