/**
 * @file Quantisation to int8: products with constant matrices become products of bytes, several times as fast on a CPU.
 *
 * Each column of a weight has a scale of its own; what it is multiplied with is quantised as a whole, anew in every run
 * (ONNX Runtime's DynamicQuantizeMatMul).
 */
import type { Constant, Graph, Model, Node } from "../onnx/model.ts";
import { constantBytes, constantNumbers } from "./constant-bytes.ts";

/**
 * Weights use 7 of 8 bits: without VNNI, processors add pairs of products in 16 bits, which full bytes would overflow
 * (ONNX Runtime's documentation calls it `reduce_range`).
 */
const largest = 63;

/** The model with every product by a constant matrix of float32 quantised; all else stays as it is. */
export function quantise(model: Model): Model {
  const weights = new Map(model.graph.constants.map((constant) => [constant.name, constant]));
  const added = new Map<string, Constant>();
  const graph = quantiseGraph(model.graph, weights, added);
  if (added.size === 0) return model;
  const used = new Set(namesUsed(graph));
  const constants = [...graph.constants, ...added.values()].filter(({ name }) => used.has(name));
  return {
    ...model,
    graph: { ...graph, constants },
    operatorSets: { ...model.operatorSets, "com.microsoft": 1 },
  };
}

type Constants = ReadonlyMap<string, Constant>;

function quantiseGraph(graph: Graph, weights: Constants, added: Map<string, Constant>): Graph {
  const products = new Map(
    graph.nodes.flatMap((node) => {
      const product = productOf(node, weights);
      return product === undefined ? [] : [[node.outputs[0], product] as const];
    }),
  );
  const uses = new Map<string, number>();
  for (const name of [...namesUsed(graph), ...graph.outputs.map((output) => output.name)]) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  // A product that is only added to another one becomes part of it: one product of what both multiply, side by side.
  const absorbed = new Set<string>();
  for (const [output, product] of products) {
    const inner = product.addend === undefined ? undefined : products.get(product.addend);
    if (product.addend === undefined || inner === undefined || uses.get(product.addend) !== 1) continue;
    if (inner.factors.some(({ weight }) => weight.shape[1] !== product.factors[0].weight.shape[1])) continue;
    absorbed.add(product.addend);
    products.set(output, { factors: [...inner.factors, ...product.factors], addend: inner.addend });
  }
  const nodes = graph.nodes.flatMap((node) => {
    const [output] = node.outputs;
    if (absorbed.has(output)) return [];
    const product = products.get(output);
    if (product !== undefined) return quantiseProduct(output, product, weights, added);
    const attributes = Object.entries(node.attributes).map(([name, attribute]) =>
      attribute.type === "graph"
        ? ([name, { ...attribute, value: quantiseGraph(attribute.value, weights, added) }] as const)
        : ([name, attribute] as const),
    );
    return [{ ...node, attributes: Object.fromEntries(attributes) }];
  });
  return { ...graph, nodes };
}

/** Σ factor · weight + addend */
interface Product {
  readonly factors: readonly { readonly input: string; readonly weight: Constant }[];
  readonly addend: string | undefined;
}

function productOf(node: Node, weights: Constants): Product | undefined {
  const [input, name, addend] = node.inputs;
  const weight = isPlainProduct(node) ? weights.get(name) : undefined;
  if (weight?.type !== "float32" || weight.shape.length !== 2) return undefined;
  return { factors: [{ input, weight }], addend };
}

function isPlainProduct({ operator, attributes }: Node): boolean {
  if (operator === "MatMul") return true;
  if (operator !== "Gemm") return false;
  const { transA, transB, alpha, beta } = attributes;
  return transA?.value === 0 && transB?.value === 0 && alpha?.value === 1 && beta?.value === 1;
}

/** The product of bytes, and what is added to it. */
function quantiseProduct(
  output: string,
  { factors, addend }: Product,
  weights: Constants,
  added: Map<string, Constant>,
): readonly Node[] {
  const names = quantiseWeight(
    factors.map(({ weight }) => weight),
    added,
  );
  const inputs = factors.map(({ input }) => input);
  const joined = inputs.length === 1 ? inputs[0] : `${output}.factors`;
  const bias = addend !== undefined && weights.get(addend)?.shape.length === 1 ? addend : undefined;
  const product = bias === addend ? output : `${output}.product`;
  const node = (
    operator: string,
    given: readonly string[],
    result: string,
    rest: Partial<Node> = {},
  ): Node => ({
    name: result,
    operator,
    domain: "",
    inputs: given,
    outputs: [result],
    attributes: {},
    ...rest,
  });
  const operands = [joined, names.bytes, names.scale, names.zero, ...(bias === undefined ? [] : [bias])];
  return [
    ...(inputs.length === 1
      ? []
      : [node("Concat", inputs, joined, { attributes: { axis: { type: "int", value: -1 } } })]),
    node("DynamicQuantizeMatMul", operands, product, { domain: "com.microsoft" }),
    ...(addend === undefined || product === output ? [] : [node("Add", [product, addend], output)]),
  ];
}

/** Weights on top of each other, as one matrix of bytes. */
function quantiseWeight(weights: readonly Constant[], added: Map<string, Constant>) {
  const name = weights.map((weight) => weight.name).join("+");
  const names = { bytes: `${name}.int8`, scale: `${name}.scale`, zero: `${name}.zero` };
  if (added.has(names.bytes)) return names;
  const [, columns] = weights[0].shape;
  const rows = weights.reduce((sum, { shape }) => sum + shape[0], 0);
  const values = new Float64Array(rows * columns);
  let start = 0;
  for (const weight of weights) {
    values.set(constantNumbers(weight).values, start);
    start += weight.shape[0] * columns;
  }
  const scale = new Float64Array(columns);
  for (let i = 0; i < values.length; i++)
    scale[i % columns] = Math.max(scale[i % columns], Math.abs(values[i]));
  for (let column = 0; column < columns; column++) scale[column] = scale[column] / largest || 1;
  const bytes = values.map((value, i) => Math.round(value / scale[i % columns]));
  const add = (key: string, type: "int8" | "float32", shape: readonly number[], numbers: ArrayLike<number>) =>
    added.set(key, { name: key, type, shape, bytes: constantBytes({ type, shape, values: numbers }) });
  add(names.bytes, "int8", [rows, columns], bytes);
  add(names.scale, "float32", [columns], scale);
  add(names.zero, "int8", [columns], new Float64Array(columns));
  return names;
}

function namesUsed(graph: Graph): readonly string[] {
  return graph.nodes.flatMap(({ inputs, attributes }) => [
    ...inputs,
    ...Object.values(attributes).flatMap((attribute) =>
      attribute.type === "graph" ? namesUsed(attribute.value) : [],
    ),
  ]);
}
