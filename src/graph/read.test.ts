/** @file Reading: files of others that Rubato understands, and what it says of those that it does not. */
import { describe, expect, it } from "vitest";
import {
  float32,
  modelOf,
  node,
  reshape,
  runningSum,
  slow,
  unknownOperator,
  value,
} from "../../test/runtime/models.ts";
import { drawNumbers, expectNumbers } from "../../test/suites/numerics.ts";
import { decodeModel, OnnxError } from "../onnx/decode.ts";
import { encodeModel } from "../onnx/encode.ts";
import type { Attribute, Model } from "../onnx/model.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import { UserError } from "../util/errors.ts";
import { build } from "./build.ts";
import { GraphError } from "./encoding.ts";
import { evaluate } from "./evaluate.ts";
import { add, mul, scan, split, tanh } from "./operators/index.ts";
import { read } from "./read.ts";
import { input, type Tensor } from "./tensor.ts";

const x = input("x", "float32", [3, 4]);
const start = input("start", "float32", [4]);

/** A loop with everything in it: a state, a capture, a constant, stacked results. */
function example(reverse: boolean): Readonly<Record<string, Tensor>> {
  const { states, outputs } = scan({
    states: [start],
    sequences: [x],
    reverse,
    step: ([state], [row]) => {
      const [left, right] = split(add(mul(state, 0.5), row), [1, 3], 0);
      const next = tanh(add(mul(state, left), row));
      return { states: [next], outputs: [right, mul(next, start)] };
    },
  });
  return { last: states[0], right: outputs[0], scaled: outputs[1] };
}

/** Attributes of a Scan over one sequence, as others may write them. */
function foreignScan(attributes: Readonly<Record<string, Attribute>>): Model {
  return modelOf({
    ...runningSum.graph,
    nodes: runningSum.graph.nodes.map((scanned) => ({
      ...scanned,
      attributes: { ...scanned.attributes, ...attributes },
    })),
  });
}

const ints = (...list: readonly number[]): Attribute => ({ type: "ints", value: list });
const feeds = { start: float32([3], [1, 2, 3]), values: float32([2, 3], [1, 0, 2, 5, 5, 5]) };

describe("what was built", () => {
  it.each([false, true])("is read from a file as it was, loops included (reversed: %j)", (reverse) => {
    const outputs = example(reverse);
    const known = drawNumbers([x, start], "read");
    const { inputs, outputs: back } = read(decodeModel(encodeModel(build({ inputs: [x, start], outputs }))));
    const knownAgain = new Map(inputs.map((tensor, i) => [tensor, [...known.values()][i]]));
    expect(Object.keys(back)).toEqual(Object.keys(outputs));
    expectNumbers(evaluate(Object.values(back), knownAgain), evaluate(Object.values(outputs), known), 1e-12);
  });

  it("is built again as the same model", () => {
    const model = build({ inputs: [x, start], outputs: example(true) });
    const { nodes } = build(read(model)).graph;
    expect(nodes.map(({ operator }) => operator)).toEqual(model.graph.nodes.map(({ operator }) => operator));
  });

  it("is refused wherever its file is cut off, or the same as far as graphs go", () => {
    const model = build({ inputs: [x, start], outputs: example(false) });
    const bytes = encodeModel(model);
    const step = 7;
    for (let length = 0; length < bytes.length; length += step) {
      try {
        expect(decodeModel(bytes.subarray(0, length)).graph).toEqual(model.graph);
      } catch (error) {
        expect(error).toBeInstanceOf(OnnxError);
      }
    }
  });
});

describe("what others have written", () => {
  it.each<[string, Readonly<Record<string, Attribute>>]>([
    ["without directions", {}],
    ["forwards", { scan_input_directions: ints(0), scan_output_directions: ints(0) }],
    ["backwards", { scan_input_directions: ints(1), scan_output_directions: ints(1) }],
    ["along the first axis", { scan_input_axes: ints(0), scan_output_axes: ints(0) }],
  ])("a Scan %s computes what ONNX Runtime computes", async (_, attributes) => {
    const model = foreignScan(attributes);
    const session = await openDirect(model);
    const expected = await session.run(feeds);
    await session.dispose();
    expect(await (await createInterpreter().open(model)).run(feeds)).toEqual(expected);
  });

  it.each<[string, Readonly<Record<string, Attribute>>]>([
    ["in two directions", { scan_input_directions: ints(0), scan_output_directions: ints(1) }],
    ["backwards, with results in the order of the steps", { scan_input_directions: ints(1) }],
    ["along another axis", { scan_input_axes: ints(1) }],
    ["with results along another axis", { scan_output_axes: ints(1) }],
    ["without the number of its sequences", { num_scan_inputs: { type: "float", value: 1 } }],
  ])("a Scan %s is refused rather than misread", (_, attributes) => {
    expect(() => read(foreignScan(attributes))).toThrow(GraphError);
    expect(() => read(foreignScan(attributes))).toThrow(/^Scan: found .*expected /);
  });

  it.each<[string, Model, string]>([
    [
      "an operator that there is not",
      unknownOperator,
      "found the operator Rubato, expected one that Rubato writes: run this model with ONNX Runtime instead",
    ],
    [
      "an operator of another domain",
      modelOf({
        nodes: [{ ...node("Add", ["a", "a"], ["b"]), domain: "org.example" }],
        inputs: [value("a", "float32", 1)],
        outputs: [value("b", "float32", 1)],
      }),
      "found the operator org.example.Add, expected one that Rubato writes",
    ],
    ["another loop", slow, "found Loop with a body, expected Scan: run this model with ONNX Runtime instead"],
    [
      "a shape that is computed",
      reshape,
      "Reshape: found an input where a constant was expected: export the model again",
    ],
    [
      "nodes that stand in another order",
      modelOf({
        nodes: [node("Tanh", ["b"], ["c"]), node("Tanh", ["a"], ["b"])],
        inputs: [value("a", "float32", 1)],
        outputs: [value("c", "float32", 1)],
      }),
      'Tanh: found the name "b" before anything it stands for, expected nodes in order: export the model again',
    ],
    [
      "results that nobody computes",
      modelOf({ nodes: [], inputs: [], outputs: [value("c", "float32", 1)] }),
      'the graph\'s outputs: found the name "c" before anything it stands for',
    ],
    [
      "an attribute of another kind",
      modelOf({
        nodes: [node("Softmax", ["a"], ["b"], { axis: { type: "float", value: 1 } })],
        inputs: [value("a", "float32", 1, 2)],
        outputs: [value("b", "float32", 1, 2)],
      }),
      'Softmax: found a float as attribute "axis", expected int: export the model again',
    ],
  ])("%s is refused in a sentence", async (_, model, sentence) => {
    expect(() => read(model)).toThrow(GraphError);
    expect(() => read(model)).toThrow(sentence);
    await expect(createInterpreter().open(model)).rejects.toThrow(UserError);
  });
});
