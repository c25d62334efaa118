/** @file Graphs that nobody would write first: what derives them, builds them and reads them has to bear them too. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawNumbers, expectNumbers, expectSlopes, type Known, runOn } from "../../test/suites/numerics.ts";
import { drawGraph } from "../../test/suites/random-graphs.ts";
import type { Constant, Model } from "../onnx/model.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import { build } from "./build.ts";
import { customGradient } from "./custom-gradient.ts";
import { GraphError } from "./encoding.ts";
import { evaluate } from "./evaluate.ts";
import { gradient, pullback } from "./gradient.ts";
import {
  add,
  concat,
  cumulativeSum,
  exp,
  gemm,
  layerNormalization,
  matmul,
  mul,
  neg,
  pad,
  reduceSum,
  reshape,
  scan,
  slice,
  split,
  sub,
  tanh,
  topK,
} from "./operators/index.ts";
import { read } from "./read.ts";
import { ShapeError } from "./shape.ts";
import { constant, input, type Tensor } from "./tensor.ts";
import { inputsOf } from "./walk.ts";

const direct = { open: openDirect };
const x = input("x", "float32", [3]);
const steps = input("steps", "float32", [4, 3]);
const state = input("state", "float32", [3]);
const weight = input("weight", "float32", [3]);

/** Values agree with slopes, and with what the interpreter and ONNX Runtime make of the built graph. */
async function expectRight(loss: Tensor, targets: readonly Tensor[]): Promise<void> {
  const known = drawNumbers(inputsOf([loss, ...targets]), "adversarial");
  expectSlopes(loss, targets, known);
  await expectSame([loss, ...gradient(loss, targets)], known);
}

async function expectSame(tensors: readonly Tensor[], known: Known, hasSteps = true): Promise<void> {
  const wanted = evaluate(tensors, known);
  expectNumbers(await runOn(createInterpreter(), tensors, known), wanted, 1e-5);
  // ONNX Runtime refuses many loops without a step: it infers other shapes for them than it then finds.
  if (hasSteps) expectNumbers(await runOn(direct, tensors, known, { threads: 1 }), wanted, 1e-3);
}

/** Those of the tensors that something flows to. */
function reachable(loss: Tensor, tensors: readonly Tensor[]): readonly Tensor[] {
  const parts = pullback([loss], [constant(1)], tensors);
  return tensors.filter((_, i) => parts[i].length > 0);
}

/** The slope along one direction in all targets together, by Richardson's rule; and what the gradient says of it. */
function slopeAlong(loss: Tensor, targets: readonly Tensor[], known: Known) {
  const direction = drawNumbers(targets, "direction");
  const moved = (by: number): Known =>
    new Map(
      [...known].map(([tensor, numbers]) => {
        const along = direction.get(tensor)?.values;
        const values = Float64Array.from(numbers.values, (value, i) => value + by * (along?.[i] ?? 0));
        return [tensor, { ...numbers, values }];
      }),
    );
  const difference = (step: number) => {
    const [after, before] = [step, -step].map((by) => evaluate([loss], moved(by))[0].values[0]);
    return (after - before) / (2 * step);
  };
  const [coarse, fine] = [difference(2e-4), difference(1e-4)];
  const parts = evaluate(gradient(loss, targets), known).flatMap(({ values }, i) =>
    Array.from(values, (value, j) => value * (direction.get(targets[i])?.values[j] ?? 0)),
  );
  return {
    slope: (4 * fine - coarse) / 3,
    /** Where a choice turns over on the way, there is no slope. */
    isSmooth: Math.abs(fine - coarse) < 1e-4 * Math.max(1, Math.abs(fine)),
    derived: parts.reduce((sum, part) => sum + part, 0),
  };
}

describe("random graphs of loops within loops", () => {
  const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

  function expectSlope(loss: Tensor, targets: readonly Tensor[], known: Known, tolerance: number): void {
    const { slope, isSmooth, derived } = slopeAlong(loss, targets, known);
    if (isSmooth) expect(Math.abs(derived - slope)).toBeLessThan(tolerance * Math.max(1, Math.abs(slope)));
  }

  it("have gradients that agree with slopes, and run alike everywhere", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 0, max: 3 }), async (seed, count) => {
        const { loss, floats, wholes } = drawGraph(seed, count);
        const targets = reachable(loss, floats);
        const known = drawNumbers([...floats, ...wholes], `${seed}`);
        expectSlope(loss, targets, known, 1e-6);
        await expectSame([loss, ...gradient(loss, targets)], known, count > 0);
      }),
      { numRuns: 60 },
    );
  });

  it("can be derived twice", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { loss, floats, wholes } = drawGraph(seed, 2, 3);
        const first = gradient(loss, reachable(loss, floats)).map((each) => reduceSum(mul(each, each)));
        const length = first.reduce((sum, each) => add(sum, each));
        const targets = reachable(length, floats);
        const known = drawNumbers([...floats, ...wholes], `${seed}`);
        expectSlope(length, targets, known, 1e-5);
        await expectSame([length, ...gradient(length, targets)], known);
      }),
      { numRuns: 20 },
    );
  });
});

describe("gradients", () => {
  it("flow past a target to one that lies far behind it", () => {
    const inner = exp(tanh(mul(x, 2)));
    const loss = reduceSum(add(mul(inner, inner), x));
    const known = drawNumbers([x], "behind");
    expectNumbers([evaluate(gradient(loss, [inner, x]), known)[1]], evaluate(gradient(loss, [x]), known), 0);
  });

  it("come back from a loop that keeps nothing of its steps", async () => {
    const sum = scan({ states: [state], sequences: [steps], step: ([s], [e]) => ({ states: [add(s, e)] }) });
    await expectRight(reduceSum(sum.states[0]), [state, steps]);
    const around = scan({
      states: [state],
      sequences: [steps],
      step: ([s]) => ({ states: [sub(s, weight)] }),
    });
    await expectRight(reduceSum(mul(around.states[0], around.states[0])), [state, weight]);
  });

  it("of one's own may be kept for the way back, and derived again", async () => {
    const handmade = (of: Tensor) => {
      const t = tanh(of);
      return customGradient([of], [t], ([cotangent]) => [
        cotangent && mul(cotangent, sub(constant(1), mul(t, t))),
      ])[0];
    };
    const { states } = scan({
      states: [state],
      sequences: [steps],
      step: ([s], [e]) => ({ states: [mul(handmade(add(s, e)), weight)] }),
    });
    const loss = reduceSum(states[0]);
    await expectRight(loss, [state, steps, weight]);
    const [toWeight] = gradient(loss, [weight]);
    await expectRight(reduceSum(mul(toWeight, toWeight)), [state, steps, weight]);
  });

  it("sum up over steps what does not change in them but has a name that does", () => {
    const matrix = input("matrix", "float32", [3, 2]);
    const { outputs } = scan({
      sequences: [steps],
      step: (_, [e]) => {
        const [named] = customGradient([e], [reduceSum(matrix, 1)], ([cotangent]) => [cotangent]);
        return { outputs: [mul(x, named)] };
      },
    });
    const known = drawNumbers([x, steps, matrix], "names");
    const found = evaluate(gradient(reduceSum(outputs[0]), [x]), known);
    expectNumbers(found, evaluate([mul(reduceSum(matrix, 1), 4)], known), 1e-12);
  });

  it("of layer normalisation can be derived again", async () => {
    const y = input("y", "float32", [2, 3]);
    const loss = reduceSum(exp(layerNormalization(y, weight, state)));
    const [toY] = gradient(loss, [y]);
    await expectRight(reduceSum(mul(toY, toY)), [y, weight, state]);
  });
});

describe("a loop of which a part does not depend on the loop around it", () => {
  it("is built in both places", async () => {
    const outer = input("outer", "float32", [2, 3]);
    const { outputs } = scan({
      sequences: [outer],
      step: (_, [e]) => {
        const inner = scan({
          states: [state],
          sequences: [steps],
          step([s], [row]) {
            const next = tanh(add(s, row));
            return { states: [next], outputs: [mul(next, e)] };
          },
        });
        return { outputs: [inner.outputs[0]] };
      },
    });
    await expectRight(reduceSum(mul(outputs[0], outputs[0])), [outer, steps, state]);
  });
});

describe("evaluate", () => {
  it("keeps what is given of a node whose other outputs it has to compute", () => {
    const [first, second] = split(x, [1, 2], 0);
    const given = { type: "float32" as const, shape: [1], values: [7] };
    const known = new Map([...drawNumbers([x], "given"), [first, given] as const]);
    const [both] = evaluate([concat([first, second], 0)], known);
    expect(both.values[0]).toBe(7);
  });
});

describe("shapes that do not fit", () => {
  it("are refused where an addend is larger than the product", () => {
    const [a, b, c] = [
      [1, 3],
      [3, 4],
      [5, 4],
    ].map((shape, i) => input(`${i}`, "float32", shape));
    expect(() => gemm(a, b, c)).toThrow("Gemm: expected an addend that repeats to [1, 4], got [5, 4]");
  });

  it("are refused where a rank is missing at the very axis, or an axis is named twice", () => {
    const [row, rows] = [input("row", "float32", [2]), input("rows", "float32", [2, 3])];
    expect(() => concat([rows, row], 1)).toThrow("Concat: expected shapes that differ in axis 1 alone");
    expect(() => reduceSum(rows, [1, -1])).toThrow("ReduceSum: expected each axis once instead of 1, -1");
  });

  it("are those that were given, though a batch of rows is one tall matrix", () => {
    const [a, b] = [input("a", "float32", [2, 5, 3]), input("b", "float32", [4, 6])];
    expect(() => matmul(a, b)).toThrow("MatMul: expected inner sizes to agree, got [2, 5, 3] and [4, 6]");
  });

  it("are named, be it a type or a number of states", () => {
    const whole = input("whole", "int32", [3]);
    const loop = (next: readonly Tensor[]) => () =>
      scan({ states: [state], sequences: [steps], step: () => ({ states: next }) });
    expect(loop([whole])).toThrow("state 0 to stay float32[3] in a step instead of int32[3]");
    expect(loop([])).toThrow(/^Scan: expected 1 states back from a step instead of 0 \(called at /);
    expect(() => scan({ sequences: [], step: () => ({}) })).toThrow("Scan: expected at least one sequence");
  });
});

it("zeros are put before and after an axis counted from the end", () => {
  expect(pad(steps, -1, 1, 2).shape).toEqual([4, 6]);
  expect(() => pad(steps, 2, 1, 1)).toThrow(ShapeError);
});

describe("reading", () => {
  const list = (name: string, values: readonly number[]): Constant => {
    const words = BigInt64Array.from(values, BigInt);
    return { name, type: "int64", shape: [values.length], bytes: new Uint8Array(words.buffer) };
  };
  /** With one more input or attribute at its only node. */
  const extended = (
    { graph, ...rest }: Model,
    more: { readonly attribute?: string; readonly list?: readonly number[] },
  ): Model => ({
    ...rest,
    graph: {
      ...graph,
      constants: more.list === undefined ? graph.constants : [...graph.constants, list("more", more.list)],
      nodes: graph.nodes.map((node) => ({
        ...node,
        inputs: more.list === undefined ? node.inputs : [...node.inputs, "more"],
        attributes:
          more.attribute === undefined
            ? node.attributes
            : { ...node.attributes, [more.attribute]: { type: "int", value: 1 } },
      })),
    },
  });

  it("refuses what an operator does not know rather than to pass over it", () => {
    const cut = build({ outputs: { y: slice(x, 0, 0, 2) } });
    expect(() => read(extended(cut, { list: [2] }))).toThrow(
      "Slice: found a constant list 3, expected none: run this model with ONNX Runtime instead",
    );
    const negated = build({ outputs: { y: neg(x) } });
    expect(() => read(extended(negated, { attribute: "often" }))).toThrow('Neg: found an attribute "often"');
    const twoAxes = build({ outputs: { y: slice(steps, 0, 0, 2) } });
    const constants = twoAxes.graph.constants.map(({ name }) => list(name, [0, 1]));
    expect(() => read({ ...twoAxes, graph: { ...twoAxes.graph, constants } })).toThrow(GraphError);
  });

  it("knows all that is written, be there a choice or not", () => {
    const { values, indices } = topK(x, 2, 0, { largest: false });
    const outputs = { values, indices, sums: cumulativeSum(x, 0, { exclusive: true }), cut: slice(x, 0, 1) };
    expect(Object.values(read(build({ outputs })).outputs).map(({ shape }) => shape)).toEqual([
      [2],
      [2],
      [3],
      [2],
    ]);
  });

  it("brings a size with a name through reshaping and back", () => {
    const rows = input("rows", "float32", ["batch", 6]);
    const there = reshape(tanh(rows), ["others", 2]);
    const back = reshape(neg(there), ["batch", 6]);
    const longer = reshape(pad(rows, 0, 1, 0), ["all"]);
    const again = read(build({ outputs: { sum: add(back, rows), there, longer } }));
    expect(Object.values(again.outputs).map(({ shape }) => shape)).toEqual([
      ["batch", 6],
      ["batch * 3", 2],
      ["(batch + 1) * 6"],
    ]);
  });
});
