/** @file Losses by their definitions; and heads of both kinds in one step. */
import { describe, expect, it } from "vitest";
import {
  drawNumbers,
  expectAgreement,
  expectNumbers,
  expectSlopes,
  runOn,
} from "../../test/suites/numerics.ts";
import { evaluate } from "../graph/evaluate.ts";
import { gradient } from "../graph/gradient.ts";
import type { Numbers } from "../graph/numbers.ts";
import {
  add,
  cast,
  equal,
  exp,
  log,
  mul,
  neg,
  pow,
  reduceSum,
  reshape,
  split,
  sub,
  tanh,
} from "../graph/operators/index.ts";
import { constant, input, type Tensor } from "../graph/tensor.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { Linear } from "./linear.ts";
import { crossEntropy, gaussian, squaredError, totalLoss, weightedMean } from "./loss.ts";
import { ParameterScope } from "./parameter.ts";

const rows = 5;
const numbers = (...values: readonly number[]): Numbers => ({
  type: "float32",
  shape: [values.length],
  values,
});
const valuesOf = (tensor: Tensor) => Array.from(evaluate([tensor], new Map())[0].values);

describe("cross entropy", () => {
  const logits = input("logits", "float32", [rows, 3]);
  const targets = input("targets", "int32", [rows]);
  const known = drawNumbers([logits, targets], "cross entropy");

  it("is −log of the target's share in Σ eˣ, and so is its gradient", () => {
    const classes = constant([0, 1, 2], { type: "int32" });
    const oneHot = cast(equal(reshape(targets, [rows, 1]), classes), "float32");
    const ofTarget = reduceSum(mul(logits, oneHot), -1);
    const written = sub(log(reduceSum(exp(logits), -1)), ofTarget);
    expectAgreement([crossEntropy(logits, targets)], [written], [logits], known);
  });

  it("is finite however far logits lie apart", () => {
    const far = constant([1e4, 0, 0, 1e4], { shape: [2, 2] });
    const [missed, hit] = valuesOf(crossEntropy(far, constant([1, 1], { type: "int32" })));
    expect(missed).toBeCloseTo(1e4, 6);
    expect(hit).toBeCloseTo(0, 6);
  });

  it("can be derived twice", () => {
    const [found] = gradient(reduceSum(pow(crossEntropy(logits, targets), 2)), [logits]);
    expectSlopes(reduceSum(pow(found, 2)), [logits], known);
  });
});

describe("losses of continuous heads", () => {
  const fields = 2;
  const values = input("values", "float32", [rows, fields]);
  const targets = input("targets", "float32", [rows, fields]);
  const logDeviations = input("log deviations", "float32", [rows, fields]);
  const known = drawNumbers([values, targets, logDeviations], "continuous");

  it("squared error is half the squared distance", () => {
    const written = mul(reduceSum(pow(sub(values, targets), 2), 1), 0.5);
    expectAgreement([squaredError(values, targets)], [written], [values, targets], known);
  });

  it("gaussian is −log of the density, but for its constant", () => {
    const variance = exp(mul(logDeviations, 2));
    const exponent = mul(pow(sub(targets, values), 2), pow(mul(variance, 2), -1));
    const density = mul(exp(neg(exponent)), pow(mul(variance, 2 * Math.PI), -0.5));
    const written = sub(reduceSum(neg(log(density)), 1), (fields / 2) * Math.log(2 * Math.PI));
    const all = [values, logDeviations, targets];
    expectAgreement([gaussian(values, logDeviations, targets)], [written], all, known);
  });
});

describe("the weighted mean", () => {
  const values = input("values", "float32", [4]);
  const weights = input("weights", "float32", [4]);
  const meanOf = (given: readonly number[], by: readonly number[]) => {
    const mean = weightedMean(values, weights);
    const known = new Map([
      [values, numbers(...given)],
      [weights, numbers(...by)],
    ]);
    return evaluate([mean, ...gradient(mean, [values])], known).map((each) => Array.from(each.values));
  };

  it("is the mean of what counts", () => {
    expect(meanOf([1, 2, 3, 100], [1, 1, 1, 0])).toEqual([[2], [1 / 3, 1 / 3, 1 / 3, 0]]);
    expect(meanOf([1, 3, 0, 0], [0.75, 0.25, 0, 0])).toEqual([[1.5], [0.75, 0.25, 0, 0]]);
    expect(meanOf([1, 3, 0, 0], [0.25, 0.25, 0, 0])).toEqual([[2], [0.5, 0.5, 0, 0]]);
  });

  it("is 0 where nothing counts, and so is its gradient", () => {
    expect(meanOf([1, -2, 3, 1e30], [0, 0, 0, 0])).toEqual([[0], [0, 0, 0, 0]]);
  });
});

describe("the total loss of a categorical and a continuous head", () => {
  const x = input("x", "float32", [rows, 3]);
  const pitches = input("pitches", "int32", [rows]);
  const onsets = input("onsets", "float32", [rows, 2]);
  const counts = constant([1, 1, 0, 1, 1]);
  const scope = ParameterScope.root();
  const linear = (name: string, inFeatures: number, outFeatures: number) =>
    new Linear(scope.child(name), { inFeatures, outFeatures });
  const [trunk, pitch, onset] = [linear("trunk", 3, 4), linear("pitch", 4, 3), linear("onset", 4, 4)];
  const shared = tanh(trunk.forward(x));
  const [means, logDeviations] = split(onset.forward(shared), [2, 2], 1);
  const pitchLoss = weightedMean(crossEntropy(pitch.forward(shared), pitches), counts);
  const onsetLoss = weightedMean(gaussian(means, logDeviations, onsets), counts);
  const loss = totalLoss({ pitch: { loss: pitchLoss }, onset: { loss: onsetLoss, weight: 0.3 } });
  const parameters = Object.values(scope.tensors());
  const known = drawNumbers([x, pitches, onsets, ...parameters], "heads");

  it("has gradients through both, as finite differences say", () => {
    expectSlopes(loss, parameters, known);
  });

  it("is the heads' weighted sum, and so are its gradients", () => {
    expectAgreement([loss], [add(pitchLoss, mul(onsetLoss, 0.3))], parameters, known);
    // What belongs to one head hears nothing of the other.
    const { "onset.weight": weight } = scope.tensors();
    const [found, alone] = [loss, mul(onsetLoss, 0.3)].map((each) =>
      evaluate(gradient(each, [weight]), known),
    );
    expectNumbers(found, alone, 1e-12);
  });

  it("is computed with all gradients in one run of a runtime", async () => {
    const outputs = [loss, pitchLoss, onsetLoss, ...gradient(loss, parameters)];
    const found = await runOn({ open: openDirect }, outputs, known, { threads: 1 });
    expectNumbers(found, evaluate(outputs, known), 1e-5);
  });

  it("wants a head", () => {
    expect(() => totalLoss({})).toThrow("invariant");
  });
});
