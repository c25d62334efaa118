/** @file Building: names, what is computed once, what is not computed at all, and what is refused. */
import { describe, expect, it } from "vitest";
import { drawNumbers, expectNumbers, runOn } from "../../test/suites/numerics.ts";
import type { Graph, Model } from "../onnx/model.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import { UsageError } from "../util/errors.ts";
import { build } from "./build.ts";
import { evaluate } from "./evaluate.ts";
import {
  add,
  concat,
  exp,
  matmul,
  mul,
  neg,
  reduceSum,
  scan,
  softmax,
  split,
  sub,
  tanh,
} from "./operators/index.ts";
import { constant, input, type Tensor } from "./tensor.ts";

const x = input("x", "float32", [2, 3]);
const y = input("y", "float32", [2, 3]);
const known = drawNumbers([x, y], "build");

const operatorsOf = ({ nodes }: Graph) => nodes.map(({ operator }) => operator);
const namesOf = (values: readonly { readonly name: string }[]) => values.map(({ name }) => name);

/** The model computes the same on every runtime as its tensors do. */
async function expectRuns(...tensors: readonly Tensor[]): Promise<void> {
  const expected = evaluate(tensors, known);
  for (const runtime of [createInterpreter(), { open: openDirect }])
    expectNumbers(await runOn(runtime, tensors, known), expected, 1e-6);
}

function bodyOf({ graph }: Model): Graph {
  const found = graph.nodes.flatMap(({ attributes: { body } }) =>
    body?.type === "graph" ? [body.value] : [],
  );
  expect(found).toHaveLength(1);
  return found[0];
}

describe("names", () => {
  it("of inputs and outputs are those that were given, with types and shapes", () => {
    const { graph } = build({ outputs: { sum: add(x, y), "a strange name": tanh(x) } }, { name: "two" });
    expect(graph.name).toBe("two");
    expect(graph.inputs).toEqual([
      { name: "x", type: "float32", shape: [2, 3] },
      { name: "y", type: "float32", shape: [2, 3] },
    ]);
    expect(graph.outputs).toEqual([
      { name: "sum", type: "float32", shape: [2, 3] },
      { name: "a strange name", type: "float32", shape: [2, 3] },
    ]);
  });

  it("of what lies between never stand for two things, whatever inputs and outputs are called", async () => {
    const clashing = ["Add_1", "Mul_2", "constant_1", "Scan_3"].map((name) => input(name, "float32", [2, 3]));
    const numbers = drawNumbers(clashing, "clash");
    const sum = clashing.reduce((all, each) => add(mul(all, each), 2));
    const { graph } = build({ outputs: { Tanh_4: neg(tanh(sum)), Neg_5: exp(sum) } });
    const given = [...namesOf(graph.inputs), ...namesOf(graph.constants)];
    const all = [...given, ...graph.nodes.flatMap(({ outputs }) => outputs)];
    expect(new Set(all).size).toBe(all.length);
    expectNumbers(await runOn({ open: openDirect }, [sum], numbers), evaluate([sum], numbers), 1e-6);
  });

  it("are given once: neither two inputs, nor two outputs, nor one of each may share theirs", () => {
    const other = input("x", "float32", [2, 3]);
    for (const program of [
      { outputs: { sum: add(x, other) } },
      { inputs: [x, x], outputs: { sum: tanh(x) } },
      { outputs: { x: tanh(x) } },
    ]) {
      expect(() => build(program)).toThrow(UsageError);
      expect(() => build(program)).toThrow('two inputs or outputs are called "x"');
    }
  });
});

describe("inputs", () => {
  it("are those that results depend on, in the order in which they are met; or those that are listed", () => {
    const outputs = { difference: sub(y, x) };
    const z = input("z", "int32", ["rows"]);
    expect(namesOf(build({ outputs }).graph.inputs)).toEqual(["y", "x"]);
    expect(namesOf(build({ inputs: [x, z, y], outputs }).graph.inputs)).toEqual(["x", "z", "y"]);
  });

  it("that are not listed are missed, within loops too", () => {
    const { outputs } = scan({
      sequences: [x],
      step: (_, [row]) => ({ outputs: [mul(row, reduceSum(y, 0))] }),
    });
    for (const result of [add(x, y), y, outputs[0]]) {
      const attempt = () => build({ inputs: [x], outputs: { result } });
      expect(attempt).toThrow(UsageError);
      expect(attempt).toThrow('the graph depends on input "y", which is not among its inputs: list it');
    }
  });
});

describe("nodes", () => {
  it("that would compute the same from the same are one", async () => {
    const twice = () => mul(add(x, y), 2);
    const model = build({ outputs: { product: matmul(twice(), twice(), { transposeB: true }) } });
    expect(operatorsOf(model.graph)).toEqual(["Add", "Mul", "Gemm"]);
    await expectRuns(matmul(twice(), twice(), { transposeB: true }));
  });

  it("that differ in inputs, their order, attributes or constants are not", () => {
    const all = [
      sub(x, y),
      sub(y, x),
      softmax(x, 0),
      softmax(x, 1),
      mul(x, 2),
      mul(x, 3),
      mul(x, 0),
      mul(x, -0),
    ];
    const outputs = Object.fromEntries(all.map((tensor, i) => [`${i}`, tensor]));
    expect(operatorsOf(build({ outputs }).graph)).toEqual([
      "Sub",
      "Sub",
      "Softmax",
      "Softmax",
      "Mul",
      "Mul",
      "Mul",
      "Mul",
    ]);
  });

  it("that nothing asks for are not there, outside of loops and inside", () => {
    const wanted = tanh(x);
    exp(wanted);
    const { outputs, states } = scan({
      states: [reduceSum(x, 0), reduceSum(y, 0)],
      sequences: [x, y],
      step: ([a, b], [row, other]) => ({
        states: [tanh(add(a, row)), exp(mul(b, other))],
        outputs: [add(a, row), neg(b)],
      }),
    });
    expect(operatorsOf(build({ outputs: { wanted } }).graph)).toEqual(["Tanh"]);
    const model = build({ outputs: { first: outputs[0], state: states[0] } });
    expect(model.graph.nodes.flatMap(({ inputs }) => inputs)).not.toContain("y");
    expect(bodyOf(model).inputs).toHaveLength(2);
    for (const unwanted of ["Exp", "Mul", "Neg"]) expect(operatorsOf(bodyOf(model))).not.toContain(unwanted);
  });

  it("inside of loops that do not depend on the step are computed once, around them", async () => {
    const { outputs } = scan({
      sequences: [x],
      step: (_, [row]) => ({ outputs: [mul(row, tanh(reduceSum(y, 0))), tanh(reduceSum(y, 0))] }),
    });
    const model = build({
      outputs: { rows: outputs[0], constant: outputs[1], outside: tanh(reduceSum(y, 0)) },
    });
    expect(operatorsOf(model.graph).filter((name) => name === "Tanh")).toHaveLength(1);
    expect(operatorsOf(bodyOf(model))).not.toContain("Tanh");
    await expectRuns(...outputs);
  });
});

describe("outputs", () => {
  it("may be inputs and constants", async () => {
    const same = constant([1, 2, 3]);
    const model = build({ outputs: { same: x, fixed: same, again: same } });
    expect(namesOf(model.graph.outputs)).toEqual(["same", "fixed", "again"]);
    expect(operatorsOf(model.graph)).toEqual(["Identity", "Identity", "Identity"]);
    await expectRuns(x, same, constant(7, { type: "int32" }));
  });

  it("may be one tensor under several names, or two that are computed alike", async () => {
    const sum = add(x, y);
    const model = build({ outputs: { first: sum, second: sum, third: add(x, y) } });
    expect(operatorsOf(model.graph)).toEqual(["Add", "Identity", "Identity"]);
    await expectRuns(sum, sum, add(x, y));
  });

  it("may be some of those that a node has", async () => {
    const [, second] = split(concat([x, y], 1), [2, 4], 1);
    await expectRuns(second, neg(second));
  });

  it("of loops may be what a step was given, what lies around it, and a constant", async () => {
    const around = tanh(reduceSum(y, 0));
    const { outputs, states } = scan({
      states: [reduceSum(x, 0)],
      sequences: [x, y],
      step: ([state], [row, other]) => ({ states: [row], outputs: [row, state, around, constant(3), other] }),
    });
    await expectRuns(...outputs, ...states);
  });
});

describe("constants", () => {
  it("are one where type, shape and numbers are the same, however many", () => {
    const long = () => constant(new Float32Array(100).fill(1));
    const one = long();
    const constantsIn = (...tensors: readonly Tensor[]) =>
      build({ outputs: Object.fromEntries(tensors.map((tensor, i) => [`${i}`, tensor])) }).graph.constants;
    expect(constantsIn(add(x, 1), mul(y, 1))).toHaveLength(1);
    expect(constantsIn(add(x, 1), add(x, constant([1])))).toHaveLength(2);
    expect(constantsIn(add(x, 1), constant(1, { type: "int32" }))).toHaveLength(2);
    expect(constantsIn(neg(one), tanh(one))).toHaveLength(1);
    expect(constantsIn(neg(long()), tanh(long()))).toHaveLength(1);
    expect(constantsIn(neg(one), tanh(constant(new Float32Array(100).fill(2))))).toHaveLength(2);
    expect(constantsIn(mul(x, 0), mul(x, -0))).toHaveLength(2);
  });

  it("of the bodies of loops lie outside", () => {
    const { outputs } = scan({ sequences: [x], step: (_, [row]) => ({ outputs: [add(row, 5)] }) });
    const model = build({ outputs: { sum: outputs[0], other: add(x, 5) } });
    expect(bodyOf(model).constants).toEqual([]);
    expect(model.graph.constants).toHaveLength(1);
  });
});

describe("the model", () => {
  it("asks for ONNX Runtime's own operators where it has them, even inside of a loop", () => {
    const fused = (batches: Tensor) => matmul(batches, batches, { transposeB: true });
    const rows = input("rows", "float32", [4, 2, 3, 3]);
    const { outputs } = scan({ sequences: [rows], step: (_, [each]) => ({ outputs: [fused(each)] }) });
    expect(build({ outputs: { sum: add(x, y) } }).operatorSets).toEqual({ "": 21 });
    expect(build({ outputs: { product: outputs[0] } }).operatorSets).toEqual({ "": 21, "com.microsoft": 1 });
  });

  it("says what it is told to say of itself", () => {
    expect(build({ outputs: { same: x } }, { metadata: { author: "somebody" } }).metadata).toEqual({
      author: "somebody",
    });
  });
});
