/** @file The LSTM against its equations, step by step; its gradient in particular, which is written by hand. */
import { describe, expect, it } from "vitest";
import { drawNumbers, expectAgreement, expectSlopes, projection } from "../../test/suites/numerics.ts";
import { gradient } from "../graph/gradient.ts";
import { add, gather, matmul, mul, reshape, sigmoid, slice, split, tanh } from "../graph/operators/index.ts";
import { input, type Tensor } from "../graph/tensor.ts";
import { Lstm, type LstmState } from "./lstm.ts";
import { initialise, ParameterScope } from "./parameter.ts";

const steps = 3;
const batch = 2;
const size = 4;
const begin: LstmState = [input("hidden", "float32", [batch, size]), input("cell", "float32", [batch, size])];
const classes = input("classes", "int32", [steps, batch]);
const features = input("features", "float32", [steps, batch, 5]);
const scope = ParameterScope.root();
const layer = new Lstm(scope, { classes: 3, features: 5, hiddenSize: size });
const parameters = scope.tensors();
const floats = [...begin, features, ...Object.values(parameters)];
const known = drawNumbers([...floats, classes], "LSTM");

const at = (sequence: Tensor, step: number) =>
  reshape(slice(sequence, 0, step, step + 1), sequence.shape.slice(1));
const inputAt = (step: number) => ({ classes: at(classes, step), features: at(features, step) });

/** The state before the first step and after each, by the equations: i, f, o, g. */
function writeOut(): readonly LstmState[] {
  const states = [begin];
  for (let step = 0; step < steps; step++) {
    const [before, cellBefore] = states[step];
    const fromClasses = gather(parameters["input.class.weight"], at(classes, step));
    const fromFeatures = matmul(at(features, step), parameters["input.feature.weight"]);
    const fromInput = add(add(fromClasses, fromFeatures), parameters["input.bias"]);
    const gates = add(fromInput, matmul(before, parameters["hidden.weight"]));
    const [i, f, o, g] = split(gates, [size, size, size, size], 1);
    const cell = add(mul(sigmoid(f), cellBefore), mul(sigmoid(i), tanh(g)));
    states.push([mul(sigmoid(o), tanh(cell)), cell]);
  }
  return states;
}

const written = writeOut();
const [lastHidden, lastCell] = written[steps];

describe("an LSTM", () => {
  const { outputs, state } = layer.forward({ classes, features }, begin);

  it("follows its equations over a window, and so does its gradient", () => {
    const found = Array.from({ length: steps }, (_, step) => at(outputs, step));
    const wanted = written.slice(1).map(([hidden]) => hidden);
    expectAgreement([...found, ...state], [...wanted, lastHidden, lastCell], floats, known);
    expectSlopes(projection([outputs, ...state]), floats, known);
  });

  it("has the right gradient where the last hidden state alone counts, or the last cell", () => {
    expectAgreement([state[0]], [lastHidden], floats, known);
    // What only the output gate decides is not among what the last cell depends on, but in the last step.
    expectAgreement([state[1]], [lastCell], floats, known);
  });

  it("steps as it runs through a window", () => {
    const found: LstmState[] = [begin];
    for (let step = 0; step < steps; step++) found.push(layer.step(inputAt(step), found[step]));
    expectAgreement(found.slice(1).flat(), written.slice(1).flat(), floats, known);
  });

  it("can be derived twice", () => {
    const slopeOf = (of: LstmState) => gradient(projection(of), [parameters["hidden.weight"]]);
    const found = slopeOf(layer.step(inputAt(0), begin));
    expectAgreement(found, slopeOf(written[1]), [begin[0], begin[1], features], known);
  });

  it("begins with open forget gates, and no other bias", () => {
    for (const forgetBias of [1, 2.5]) {
      const own = ParameterScope.root();
      new Lstm(own, { classes: 3, hiddenSize: 2, forgetBias });
      const { "input.bias": bias } = initialise(own.specs(), 1);
      expect(Array.from(bias.data)).toEqual([0, 0, forgetBias, forgetBias, 0, 0, 0, 0]);
    }
  });

  it("begins with weights that let as much through as comes in, and classes of unit variance", () => {
    const bounds = {
      "hidden.weight": Math.sqrt(3 / size),
      "input.feature.weight": Math.sqrt(3 / 5),
      "input.class.weight": Math.sqrt(3),
    };
    const first = initialise(scope.specs(), "bounds");
    for (const [name, bound] of Object.entries(bounds)) {
      const largest = Math.max(...first[name].data.map(Math.abs));
      expect(largest).toBeLessThanOrEqual(Math.fround(bound));
      expect(largest).toBeGreaterThan(0.8 * bound);
    }
  });
});
