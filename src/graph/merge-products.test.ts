/** @file Merging products: the same results from fewer products. */
import { describe, expect, it } from "vitest";
import type { Graph, Model } from "../onnx/model.ts";
import { openDirect } from "../platform/node/onnxruntime/direct.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import type { NamedTensors } from "../runtime/session.ts";
import type { Parameters } from "../util/parameters.ts";
import { createRandom } from "../util/random.ts";
import { bindParameters } from "./bind.ts";
import { describe as describeModel } from "./build.ts";
import { mergeProducts } from "./merge-products.ts";
import { add, gather, gemm, matmul, scan, slice, tanh } from "./operators/index.ts";
import { constant, input, type Tensor } from "./tensor.ts";

const x = input("x", "float32", [4, 3]);
const z = input("z", "float32", [4, 3]);
const weights = Object.fromEntries(
  Object.entries({ a: 4, b: 1, c: 4, d: 3, e: 4 }).map(([name, columns]) => [
    name,
    input(name, "float32", [3, columns]),
  ]),
);
const { a, b, c, d, e } = weights;
const bias = constant([1, 2, 3, 4]);

const random = createRandom("merge");
const draw = (count: number) => Float32Array.from({ length: count }, () => 2 * random.next() - 1);
const parameters: Parameters = Object.fromEntries(
  Object.entries(weights).map(([name, { shape }]) => {
    const sizes = shape.map(Number);
    return [name, { shape: sizes, data: draw(sizes[0] * sizes[1]) }];
  }),
);
const feeds: NamedTensors = {
  x: { type: "float32", shape: [4, 3], data: draw(12) },
  z: { type: "float32", shape: [4, 3], data: draw(12) },
};

/** A model of these results, weights inside, and the types of its values. */
function bound(...results: readonly Tensor[]) {
  const outputs = Object.fromEntries(results.map((tensor, i) => [`result ${i}`, tensor]));
  const { model, types } = describeModel({ outputs });
  return { model: bindParameters(model, parameters), types };
}

/** How many products there are, in bodies too. */
function products({ nodes }: Graph): number {
  return nodes.reduce((sum, { operator, attributes: { body } }) => {
    const own = operator === "MatMul" || operator === "Gemm" ? 1 : 0;
    return sum + own + (body?.type === "graph" ? products(body.value) : 0);
  }, 0);
}

const constantNames = ({ graph }: Model) => graph.constants.map(({ name }) => name).sort();

/** Fewer products, and the same results on every runtime. */
async function expectMerged(
  { model: before, types }: ReturnType<typeof bound>,
  counts: readonly [before: number, after: number],
): Promise<Model> {
  const after = mergeProducts(before, types);
  expect([products(before.graph), products(after.graph)]).toEqual(counts);
  const known = new Set(before.graph.inputs.map(({ name }) => name));
  const given = Object.fromEntries(Object.entries(feeds).filter(([name]) => known.has(name)));
  const wanted = await (await createInterpreter().open(before)).run(given);
  for (const open of [createInterpreter().open, openDirect]) {
    const session = await open(after);
    const found = await session.run(given);
    await session.dispose();
    expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
    for (const [name, { shape, data }] of Object.entries(wanted)) {
      expect(found[name].shape).toEqual(shape);
      for (const [i, value] of data.entries()) {
        expect(Number(found[name].data[i])).toBeCloseTo(Number(value), 5);
      }
    }
  }
  return after;
}

describe("products of one tensor", () => {
  it("become one, of matrices of any width", async () => {
    const model = bound(matmul(x, a), tanh(matmul(x, b)), matmul(x, d), matmul(z, d));
    const merged = await expectMerged(model, [4, 2]);
    expect(constantNames(merged)).toEqual(["a|b|d", "a|b|d.widths", "d"]);
  });

  it("become one for each of two tensors, which share the matrix", async () => {
    const merged = await expectMerged(bound(matmul(x, a), matmul(x, b), matmul(z, a), matmul(z, b)), [4, 2]);
    expect(constantNames(merged)).toEqual(["a|b", "a|b.widths"]);
  });

  it("come where the first of them was: before all that depends on them", async () => {
    const first = matmul(x, d);
    const after = tanh(first);
    await expectMerged(bound(matmul(after, a), first, matmul(after, b), matmul(x, c)), [4, 2]);
  });

  it("leave constants that are used elsewhere, within bodies too", async () => {
    const row = gather(a, constant(1, { type: "int32" }));
    const { outputs } = scan({
      sequences: [x],
      step: (_, [each]) => ({ outputs: [add(gather(d, constant(0, { type: "int32" })), each)] }),
    });
    const merged = await expectMerged(bound(add(matmul(x, a), row), matmul(x, d), outputs[0]), [2, 1]);
    expect(constantNames(merged)).toEqual(expect.arrayContaining(["a", "a|d", "d"]));
  });
});

describe("sums of products", () => {
  it("become one product, with what is added at last", async () => {
    const merged = await expectMerged(bound(gemm(z, c, gemm(x, a, bias))), [2, 1]);
    expect(constantNames(merged)).toEqual(expect.arrayContaining(["a+c"]));
    expect(constantNames(merged)).not.toEqual(expect.arrayContaining(["a", "c"]));
    await expectMerged(bound(gemm(z, c, matmul(x, a))), [2, 1]);
  });

  it("become one of three and four summands, too", async () => {
    await expectMerged(bound(gemm(z, c, gemm(x, a, gemm(tanh(x), e, bias)))), [3, 1]);
    await expectMerged(bound(gemm(tanh(z), a, gemm(z, c, gemm(x, a, matmul(tanh(x), e))))), [4, 1]);
  });

  it("stay two products where somebody else asks for the inner one", async () => {
    const inner = gemm(x, a, bias);
    await expectMerged(bound(gemm(z, c, inner), tanh(inner)), [2, 2]);
    await expectMerged(bound(gemm(z, c, inner), inner), [2, 2]);
    await expectMerged(bound(add(gemm(z, c, inner), gemm(z, e, inner))), [3, 3]);
    const { outputs } = scan({
      sequences: [x],
      step: (_, [each]) => ({
        outputs: [matmul(inner, gather(d, constant([0, 1, 2, 0], { type: "int32" }))), each],
      }),
    });
    await expectMerged(bound(gemm(z, c, inner), ...outputs), [3, 3]);
  });

  it("stay two products where one is repeated to all columns, or to all rows", async () => {
    await expectMerged(bound(gemm(z, c, matmul(x, b))), [2, 2]);
    await expectMerged(bound(gemm(z, c, matmul(slice(tanh(x), 0, 0, 1), a))), [2, 2]);
  });
});

describe("merging", () => {
  it("reaches into the bodies of loops", async () => {
    const { outputs } = scan({
      states: [constant(new Float32Array(12), { shape: [4, 3] })],
      sequences: [constant(draw(24), { shape: [2, 4, 3] })],
      step: ([state], [each]) => ({
        states: [
          tanh(add(matmul(each, d), gather(matmul(each, d), constant([0, 1, 2, 3], { type: "int32" })))),
        ],
        outputs: [
          gemm(state, c, gemm(each, a, bias)),
          matmul(add(each, state), b),
          matmul(add(each, state), e),
        ],
      }),
    });
    await expectMerged(bound(...outputs), [5, 3]);
  });

  it("leaves alone what is scaled, turned around or not constant", () => {
    const models = [
      bound(matmul(x, a), matmul(z, b)),
      bound(matmul(x, a, { alpha: 2 }), gemm(x, b, constant([1]))),
      bound(gemm(x, a, matmul(z, c, { alpha: 2 })), gemm(x, a, bias, { alpha: 0.5 })),
      bound(
        matmul(a, x, { transposeA: true, transposeB: true }),
        matmul(a, z, { transposeA: true, transposeB: true }),
      ),
      describeModel({ outputs: { first: matmul(x, a), second: matmul(x, b) } }),
    ];
    for (const { model, types } of models) expect(mergeProducts(model, types)).toEqual(model);
  });

  it("changes nothing of the model it is given", () => {
    const { model, types } = bound(matmul(x, a), matmul(x, b), gemm(z, c, gemm(z, a, bias)));
    const before = structuredClone(model);
    expect(mergeProducts(model, types)).not.toEqual(model);
    expect(model).toEqual(before);
  });
});
