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
  const added = new Map<string, Constant>();
  const weights = new Map(model.graph.constants.map((constant) => [constant.name, constant]));
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

function quantiseGraph(
  graph: Graph,
  weights: ReadonlyMap<string, Constant>,
  added: Map<string, Constant>,
): Graph {
  const nodes = graph.nodes.flatMap((node) => {
    const [, weight] = node.inputs;
    const constant = isPlainProduct(node) ? weights.get(weight) : undefined;
    if (constant?.type === "float32" && constant.shape.length === 2)
      return quantiseNode(node, constant, added);
    const attributes = Object.entries(node.attributes).map(([name, attribute]) =>
      attribute.type === "graph"
        ? ([name, { ...attribute, value: quantiseGraph(attribute.value, weights, added) }] as const)
        : ([name, attribute] as const),
    );
    return [{ ...node, attributes: Object.fromEntries(attributes) }];
  });
  return { ...graph, nodes };
}

function isPlainProduct({ operator, attributes }: Node): boolean {
  if (operator === "MatMul") return true;
  if (operator !== "Gemm") return false;
  const { transA, transB, alpha, beta } = attributes;
  return transA?.value === 0 && transB?.value === 0 && alpha?.value === 1 && beta?.value === 1;
}

/** The product of bytes, and what was added to it. */
function quantiseNode(node: Node, weight: Constant, added: Map<string, Constant>): readonly Node[] {
  const names = quantiseWeight(weight, added);
  const [product, , addend] = node.inputs;
  const [output] = node.outputs;
  const sum = addend === undefined ? output : `${output}.product`;
  const quantised: Node = {
    name: sum,
    operator: "DynamicQuantizeMatMul",
    domain: "com.microsoft",
    inputs: [product, names.bytes, names.scale, names.zero],
    outputs: [sum],
    attributes: {},
  };
  if (addend === undefined) return [quantised];
  return [
    quantised,
    { name: output, operator: "Add", domain: "", inputs: [sum, addend], outputs: [output], attributes: {} },
  ];
}

function quantiseWeight(weight: Constant, added: Map<string, Constant>) {
  const names = {
    bytes: `${weight.name}.int8`,
    scale: `${weight.name}.scale`,
    zero: `${weight.name}.zero`,
  };
  if (added.has(names.bytes)) return names;
  const [rows, columns] = weight.shape;
  const { values } = constantNumbers(weight);
  const scale = new Float64Array(columns);
  for (let i = 0; i < values.length; i++)
    scale[i % columns] = Math.max(scale[i % columns], Math.abs(values[i]));
  for (let column = 0; column < columns; column++) scale[column] = scale[column] / largest || 1;
  const bytes = Float64Array.from({ length: rows * columns }, (_, i) =>
    Math.round(values[i] / scale[i % columns]),
  );
  const add = (
    name: string,
    type: "int8" | "float32",
    shape: readonly number[],
    numbers: ArrayLike<number>,
  ) => added.set(name, { name, type, shape, bytes: constantBytes({ type, shape, values: numbers }) });
  add(names.bytes, "int8", weight.shape, bytes);
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
