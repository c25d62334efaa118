/** @file Quantisation: how far products of bytes may lie from products of floats, and what is left alone. */
import { describe, expect, it } from "vitest";
import { decodeModel } from "../onnx/decode.ts";
import { encodeModel } from "../onnx/encode.ts";
import type { Graph, Model } from "../onnx/model.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import type { NamedTensors, Runtime, TensorData } from "../runtime/session.ts";
import { createRandom } from "../util/random.ts";
import { bindParameters } from "./bind.ts";
import { build } from "./build.ts";
import { constantNumbers } from "./constant-bytes.ts";
import { add, gather, gemm, matmul, scan, tanh } from "./operators/index.ts";
import { quantise } from "./quantise.ts";
import { constant, input, type Tensor } from "./tensor.ts";

const [rows, inner, columns] = [3, 40, 7];
const x = input("x", "float32", [rows, inner]);
const w = input("w", "float32", [inner, columns]);
const random = createRandom("quantise");
const draw = (count: number, scale = 1) =>
  Float32Array.from({ length: count }, () => scale * (2 * random.next() - 1));
const weight = { shape: [inner, columns], data: draw(inner * columns) };
// Columns of different sizes, and one of zeros: each has a scale of its own.
for (const i of weight.data.keys()) weight.data[i] *= [1, 0.01, 0, 100, 1, 2, 3][i % columns];
const given: TensorData & { type: "float32" } = {
  type: "float32",
  shape: [rows, inner],
  data: draw(rows * inner, 3),
};

const bound = (outputs: Readonly<Record<string, Tensor>>) =>
  bindParameters(build({ outputs }), { w: weight });

/** Operators by name, those in bodies too. */
function operatorsOf({ nodes }: Graph): readonly string[] {
  return nodes.flatMap(({ operator, attributes: { body } }) => [
    operator,
    ...(body?.type === "graph" ? operatorsOf(body.value) : []),
  ]);
}

async function run(open: Runtime["open"], model: Model, feeds: NamedTensors): Promise<NamedTensors> {
  const session = await open(model);
  const results = await session.run(feeds);
  await session.dispose();
  return results;
}

const runtimes = [
  { name: "the interpreter", open: createInterpreter().open },
  { name: "onnxruntime-node", open: openDirect },
];

/**
 * The furthest that rounding can move a product with `w`: half a step for a weight; for what it is multiplied with one
 * step, since the zero point is rounded too.
 */
function furthest(row: number, column: number): number {
  const least = given.data.reduce((a, b) => Math.min(a, b), 0);
  const most = given.data.reduce((a, b) => Math.max(a, b), 0);
  const step = (most - least) / 255;
  const weights = Array.from({ length: inner }, (_, k) => Math.abs(weight.data[k * columns + column]));
  const half = Math.max(...weights) / 63 / 2;
  return weights.reduce(
    (sum, each, k) => sum + Math.abs(given.data[row * inner + k]) * half + step * (each + half),
    1e-5,
  );
}

describe.each(runtimes)("on $name", ({ open }) => {
  it.each<[string, (product: Tensor) => Tensor]>([
    ["alone", (product) => product],
    ["with a bias", () => gemm(x, w, constant([1, 2, 3, 4, 5, 6, 7]))],
    ["with one number added to all", () => gemm(x, w, constant([5]))],
    ["with a scalar", () => gemm(x, w, constant(5))],
    ["with a matrix", () => gemm(x, w, constant(draw(rows * columns), { shape: [rows, columns] }))],
  ])("a product %s stays within what rounding allows", async (_, of) => {
    const model = bound({ y: of(matmul(x, w)) });
    const quantised = quantise(model);
    expect(operatorsOf(quantised.graph)).toContain("DynamicQuantizeMatMul");
    const [{ y: found }, { y: wanted }] = [
      await run(open, quantised, { x: given }),
      await run(open, model, { x: given }),
    ];
    expect(found.shape).toEqual([rows, columns]);
    for (const [i, value] of found.data.entries()) {
      const distance = Math.abs(Number(value) - Number(wanted.data[i]));
      expect(distance, `element ${i}`).toBeLessThan(furthest(Math.floor(i / columns), i % columns));
    }
  });

  it("products in the bodies of loops stay as near", async () => {
    const { outputs } = scan({
      sequences: [input("steps", "float32", ["steps", rows, inner])],
      step: (_, [each]) => ({ outputs: [gemm(each, w, constant([1]))] }),
    });
    const model = bound({ ys: outputs[0] });
    const quantised = quantise(model);
    expect(operatorsOf(quantised.graph)).toContain("DynamicQuantizeMatMul");
    expect(operatorsOf(quantised.graph)).not.toContain("Gemm");
    const steps: TensorData = { ...given, shape: [1, rows, inner] };
    const [{ ys: found }, { ys: wanted }] = [
      await run(open, quantised, { steps }),
      await run(open, model, { steps }),
    ];
    for (const [i, value] of found.data.entries()) {
      const distance = Math.abs(Number(value) - Number(wanted.data[i]));
      expect(distance).toBeLessThan(furthest(Math.floor(i / columns), i % columns));
    }
  });
});

describe("weights", () => {
  const { graph, operatorSets } = quantise(bound({ y: matmul(x, w) }));

  it("become whole numbers of seven bits, the largest of each column in full", () => {
    expect(graph.constants.map(({ name, type, shape }) => ({ name, type, shape }))).toEqual([
      { name: "w.int8", type: "int8", shape: [inner, columns] },
      { name: "w.scale", type: "float32", shape: [columns] },
      { name: "w.zero", type: "int8", shape: [columns] },
    ]);
    const [bytes, scale, zero] = graph.constants.map((each) => constantNumbers(each).values);
    expect(Array.from(zero)).toEqual(new Array(columns).fill(0));
    for (let column = 0; column < columns; column++) {
      const own = Array.from(bytes).filter((_, i) => i % columns === column);
      const most = Math.max(...own.map(Math.abs));
      expect(most).toBe(column === 2 ? 0 : 63);
      for (const [k, value] of own.entries()) {
        const float = weight.data[k * columns + column];
        expect(Math.abs(value * scale[column] - float)).toBeLessThanOrEqual(scale[column] * 0.5001);
      }
    }
  });

  it("make a file of which ONNX Runtime's own operators are told", () => {
    expect(operatorSets).toEqual({ "": 21, "com.microsoft": 1 });
  });

  it("are there once for several products", () => {
    const twice = quantise(bound({ y: matmul(x, w), z: matmul(tanh(x), w) }));
    expect(twice.graph.constants).toHaveLength(3);
    expect(operatorsOf(twice.graph).filter((name) => name === "DynamicQuantizeMatMul")).toHaveLength(2);
  });

  it("stay as floats beside, where something else reads them", () => {
    const row = gather(w, constant([0], { type: "int32" }));
    const { constants } = quantise(bound({ y: add(matmul(x, w), row) })).graph;
    expect(constants.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["w", "w.int8", "w.scale", "w.zero"]),
    );
  });
});

describe("quantisation", () => {
  it("leaves products alone that are scaled, turned around, or not with a constant", () => {
    const y = input("y", "float32", [columns, rows]);
    for (const product of [
      gemm(x, w, constant(0), { alpha: 2 }),
      matmul(x, w, { alpha: 2 }),
      matmul(w, x, { transposeA: true, transposeB: true }),
      matmul(w, y),
    ]) {
      const model = bound({ product });
      expect(quantise(model)).toBe(model);
    }
    const unbound = build({ outputs: { product: matmul(x, w) } });
    expect(quantise(unbound)).toBe(unbound);
  });

  it("answers a model without products as it is", () => {
    const model = build({ outputs: { y: tanh(x) } });
    expect(quantise(model)).toBe(model);
  });

  it("changes nothing of the model it is given", () => {
    const model = bound({ y: matmul(x, w) });
    const before = structuredClone(model);
    quantise(model);
    expect(model).toEqual(before);
  });

  it("survives its way through a file", async () => {
    const quantised = quantise(bound({ y: gemm(x, w, constant([1])) }));
    const back = decodeModel(encodeModel(quantised));
    expect(await run(openDirect, back, { x: given })).toEqual(await run(openDirect, quantised, { x: given }));
  });
});
