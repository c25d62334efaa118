/** @file Normalisation against its equations written out. */
import { describe, expect, it } from "vitest";
import { drawNumbers, expectAgreement, expectSlopes, projection } from "../../test/suites/numerics.ts";
import { evaluate } from "../graph/evaluate.ts";
import { add, div, mul, reduceMean, sqrt, sub } from "../graph/operators/index.ts";
import { input, type Tensor } from "../graph/tensor.ts";
import { LayerNorm, RmsNorm } from "./norm.ts";
import { ParameterScope } from "./parameter.ts";

const features = 5;
const x = input("x", "float32", [2, 3, features]);
const known = drawNumbers([x], "norm");
const mean = (values: Tensor) => reduceMean(values, -1, { keep: true });
const square = (values: Tensor) => mul(values, values);

/** A layer's parameters, and numbers for them and for what it normalises. */
function prepare(scope: ParameterScope) {
  const parameters = Object.values(scope.tensors());
  return { targets: [x, ...parameters], numbers: new Map([...known, ...drawNumbers(parameters, "weights")]) };
}

describe.each([1e-6, 0.5])("with an epsilon of %d", (epsilon) => {
  it("RmsNorm is x / √(mean(x²) + ε) · weight, and so is its gradient", () => {
    const scope = ParameterScope.root();
    const norm = new RmsNorm(scope, { features, epsilon });
    const written = mul(div(x, sqrt(add(mean(square(x)), epsilon))), norm.weight);
    const { targets, numbers } = prepare(scope);
    expectAgreement([norm.forward(x)], [written], targets, numbers);
    expectSlopes(projection([norm.forward(x)]), targets, numbers);
  });

  it("LayerNorm takes the mean away first and adds a bias at last", () => {
    const scope = ParameterScope.root();
    const norm = new LayerNorm(scope, { features, epsilon });
    const centred = sub(x, mean(x));
    const normal = div(centred, sqrt(add(mean(square(centred)), epsilon)));
    const { targets, numbers } = prepare(scope);
    expectAgreement([norm.forward(x)], [add(mul(normal, norm.weight), norm.bias)], targets, numbers);
    expectSlopes(projection([norm.forward(x)]), targets, numbers);
  });
});

it("RmsNorm brings rows of any size to the same length, and leaves zeros alone", () => {
  const norm = new RmsNorm(ParameterScope.root(), { features: 4 });
  const rows = input("rows", "float32", [3, 4]);
  const values = [3e4, -3e4, 3e4, 3e4, 0.02, 0.02, -0.02, 0.02, 0, 0, 0, 0];
  const found = evaluate(
    [norm.forward(rows)],
    new Map([
      [rows, { type: "float32", shape: [3, 4], values } as const],
      [norm.weight, { type: "float32", shape: [4], values: [1, 1, 1, 1] } as const],
    ]),
  )[0].values;
  const lengths = [0, 4, 8].map((start) => Math.hypot(...Array.from(found).slice(start, start + 4)));
  expect(lengths[0]).toBeCloseTo(2, 6);
  // ε is a four-hundredth of the mean square of 0.0004.
  expect(lengths[1]).toBeCloseTo(2 / Math.sqrt(1 + 1e-6 / 4e-4), 6);
  expect(lengths[2]).toBe(0);
});
