/** @file SwiGLU against its equation. */
import { it } from "vitest";
import { drawNumbers, expectAgreement, expectSlopes, projection } from "../../test/suites/numerics.ts";
import { matmul, mul, sigmoid } from "../graph/operators/index.ts";
import { input } from "../graph/tensor.ts";
import { SwiGlu } from "./feed-forward.ts";
import { ParameterScope } from "./parameter.ts";

it("SwiGLU is (silu(x · gate) ∘ (x · up)) · down, and so is its gradient", () => {
  const scope = ParameterScope.root();
  const layer = new SwiGlu(scope, { features: 3, hiddenSize: 5 });
  const x = input("x", "float32", [2, 4, 3]);
  const { "gate.weight": gate, "up.weight": up, "down.weight": down } = scope.tensors();
  const gated = matmul(x, gate);
  const written = matmul(mul(mul(gated, sigmoid(gated)), matmul(x, up)), down);
  const targets = [x, gate, up, down];
  const known = drawNumbers(targets, "SwiGLU");
  expectAgreement([layer.forward(x)], [written], targets, known);
  expectSlopes(projection([layer.forward(x)]), targets, known);
});
