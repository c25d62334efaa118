/** @file The GRU against its equations, step by step; its gradient in particular, which is written by hand. */
import { describe, it } from "vitest";
import { drawNumbers, expectAgreement, expectSlopes, projection } from "../../test/suites/numerics.ts";
import {
  add,
  gather,
  matmul,
  mul,
  reshape,
  sigmoid,
  slice,
  split,
  sub,
  tanh,
} from "../graph/operators/index.ts";
import { constant, input, type Tensor } from "../graph/tensor.ts";
import { Gru } from "./gru.ts";
import { ParameterScope } from "./parameter.ts";
import type { RecurrentInput } from "./recurrent-input.ts";

const steps = 3;
const batch = 2;
const size = 4;
const hidden = input("hidden", "float32", [batch, size]);
const classes = input("classes", "int32", [steps, batch]);
const features = input("features", "float32", [steps, batch, 5]);

interface Case {
  readonly reads: string;
  readonly sizes: { readonly classes?: number; readonly features?: number };
  readonly given: RecurrentInput;
}

const cases: readonly Case[] = [
  { reads: "classes", sizes: { classes: 3 }, given: { classes } },
  { reads: "features", sizes: { features: 5 }, given: { features } },
  { reads: "both", sizes: { classes: 3, features: 5 }, given: { classes, features } },
];

const at = (sequence: Tensor, step: number) =>
  reshape(slice(sequence, 0, step, step + 1), sequence.shape.slice(1));

/** All outputs, by the equations of cuDNN: r, z, n. */
function writtenOut(parameters: Readonly<Record<string, Tensor>>, given: RecurrentInput): readonly Tensor[] {
  const { "hidden.weight": hiddenWeight, "hidden.bias": hiddenBias, "input.bias": bias } = parameters;
  const { "input.class.weight": classWeight, "input.feature.weight": featureWeight } = parameters;
  const outputs = [hidden];
  for (let step = 0; step < steps; step++) {
    const before = outputs[step];
    const fromClasses = given.classes && gather(classWeight, at(given.classes, step));
    const fromFeatures = given.features && matmul(at(given.features, step), featureWeight);
    const fromInput = [fromClasses, fromFeatures].reduce<Tensor>((sum, x) => (x ? add(sum, x) : sum), bias);
    const fromHidden = add(matmul(before, hiddenWeight), hiddenBias);
    const [ri, zi, ni] = split(fromInput, [size, size, size], 1);
    const [rh, zh, nh] = split(fromHidden, [size, size, size], 1);
    const r = sigmoid(add(ri, rh));
    const z = sigmoid(add(zi, zh));
    const n = tanh(add(ni, mul(r, nh)));
    outputs.push(add(mul(sub(constant(1), z), n), mul(z, before)));
  }
  return outputs.slice(1);
}

describe.each(cases)("a GRU that reads $reads", ({ sizes, given }) => {
  const scope = ParameterScope.root();
  const layer = new Gru(scope, { ...sizes, hiddenSize: size });
  const parameters = scope.tensors();
  const floats = [hidden, ...(given.features ? [features] : []), ...Object.values(parameters)];
  const known = drawNumbers([...floats, classes], "GRU");
  const { outputs, state } = layer.forward(given, hidden);
  const written = writtenOut(parameters, given);

  it("follows its equations over a window, and so does its gradient", () => {
    const found = Array.from({ length: steps }, (_, step) => at(outputs, step));
    expectAgreement([...found, state], [...written, written[steps - 1]], floats, known);
    expectSlopes(projection([outputs, state]), floats, known);
  });

  it("has the right gradient where the last state alone counts", () => {
    expectAgreement([state], [written[steps - 1]], floats, known);
  });

  it("steps as it runs through a window", () => {
    let after = hidden;
    const found = Array.from({ length: steps }, (_, step) => {
      const now = {
        classes: given.classes && at(given.classes, step),
        features: given.features && at(given.features, step),
      };
      after = layer.step(now, after);
      return after;
    });
    expectAgreement(found, written, floats, known);
  });
});
