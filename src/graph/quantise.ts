/**
 * @file Quantisation to int8: products with constant matrices become products of bytes, several times as fast on a CPU.
 *
 * Each column of a weight has a scale of its own; what it is multiplied with is quantised as a whole, anew in every run
 * (ONNX Runtime's DynamicQuantizeMatMul).
 */
import type { Attribute, Constant, Graph, Model, Node } from "../onnx/model.ts";
import { constantBytes, constantNumbers } from "./constant-bytes.ts";
import { namesUsed, weightOf } from "./merge-products.ts";
import { sameShape } from "./shape.ts";

/**
 * Weights use 7 of 8 bits: without VNNI, processors add pairs of products in 16 bits, which full bytes would overflow
 * (ONNX Runtime's documentation calls it `reduce_range`).
 */
const largest = 63;

/** The model with every product by a constant matrix of float32 quantised; all else stays as it is. */
export function quantise(model: Model): Model {
  const constants = new Map(model.graph.constants.map((constant) => [constant.name, constant]));
  const graph = quantiseGraph(model.graph, constants);
  if (constants.size === model.graph.constants.length) return model;
  const used = new Set(namesUsed(graph));
  return {
    ...model,
    graph: { ...graph, constants: [...constants.values()].filter(({ name }) => used.has(name)) },
    operatorSets: { ...model.operatorSets, "com.microsoft": 1 },
  };
}

function quantiseGraph(graph: Graph, constants: Map<string, Constant>): Graph {
  const nodes = graph.nodes.flatMap((node) => {
    const weight = weightOf(node, constants);
    if (weight !== undefined) return quantiseProduct(node, weight, constants);
    const attributes = Object.entries(node.attributes).map(([name, attribute]): [string, Attribute] => [
      name,
      attribute.type === "graph"
        ? { ...attribute, value: quantiseGraph(attribute.value, constants) }
        : attribute,
    ]);
    return [{ ...node, attributes: Object.fromEntries(attributes) }];
  });
  return { ...graph, nodes };
}

/** The product of bytes, and what is added to it: by the same node where it is one number for each column. */
function quantiseProduct(node: Node, weight: Constant, constants: Map<string, Constant>): readonly Node[] {
  const names = quantiseWeight(weight, constants);
  const [factor, , addend] = node.inputs;
  const [output] = node.outputs;
  const isBias = addend !== undefined && sameShape(constants.get(addend)?.shape ?? [], [weight.shape[1]]);
  const product = addend === undefined || isBias ? output : `${output}.product`;
  const quantised: Node = {
    name: product,
    operator: "DynamicQuantizeMatMul",
    domain: "com.microsoft",
    inputs: [factor, names.bytes, names.scale, names.zero, ...(isBias ? [addend] : [])],
    outputs: [product],
    attributes: {},
  };
  if (product === output) return [quantised];
  const sum = {
    name: output,
    operator: "Add",
    domain: "",
    inputs: [product, addend],
    outputs: [output],
    attributes: {},
  };
  return [quantised, sum];
}

function quantiseWeight({ name, shape, ...weight }: Constant, constants: Map<string, Constant>) {
  const names = { bytes: `${name}.int8`, scale: `${name}.scale`, zero: `${name}.zero` };
  if (constants.has(names.bytes)) return names;
  const [, columns] = shape;
  const { values } = constantNumbers({ name, shape, ...weight });
  const scale = new Float64Array(columns);
  for (let i = 0; i < values.length; i++)
    scale[i % columns] = Math.max(scale[i % columns], Math.abs(values[i]));
  // A column of zeros has no scale of its own: any will do.
  for (let column = 0; column < columns; column++) scale[column] = scale[column] / largest || 1;
  const bytes = Float64Array.from(values, (value, i) => Math.round(value / scale[i % columns]));
  const add = (key: string, type: "int8" | "float32", of: readonly number[], numbers: ArrayLike<number>) =>
    constants.set(key, {
      name: key,
      type,
      shape: of,
      bytes: constantBytes({ type, shape: of, values: numbers }),
    });
  add(names.bytes, "int8", shape, bytes);
  add(names.scale, "float32", [columns], scale);
  add(names.zero, "int8", [columns], new Float64Array(columns));
  return names;
}
