/**
 * @file Products by constant matrices that belong together become one: for a single row, starting a product costs more
 * than a part of what it computes.
 *
 * - A sum x·A + h·B is one product of x and h side by side with A on top of B.
 * - Products x·A, x·B … of one tensor are one product with A and B side by side, cut up afterwards.
 */
import type { Attribute, Constant, Graph, Model, Node } from "../onnx/model.ts";
import { int } from "./encoding.ts";
import { sameShape } from "./shape.ts";
import type { TensorType } from "./tensor.ts";

/**
 * The model with products put together, in the bodies of loops too. Results differ by rounding alone.
 *
 * @param types of all values by name, as `describe` gives them
 */
export function mergeProducts(model: Model, types: Types): Model {
  const constants = new Map(model.graph.constants.map((constant) => [constant.name, constant]));
  const graph = mergeGraph(model.graph, constants, types);
  const used = new Set(namesUsed(graph));
  return {
    ...model,
    graph: { ...graph, constants: [...constants.values()].filter(({ name }) => used.has(name)) },
  };
}

type Constants = Map<string, Constant>;
type Types = ReadonlyMap<string, TensorType>;

function mergeGraph(graph: Graph, constants: Constants, types: Types): Graph {
  const nodes = graph.nodes.map((node) => ({
    ...node,
    attributes: Object.fromEntries(
      Object.entries(node.attributes).map(([name, attribute]): [string, Attribute] => [
        name,
        attribute.type === "graph"
          ? { ...attribute, value: mergeGraph(attribute.value, constants, types) }
          : attribute,
      ]),
    ),
  }));
  return mergeSiblings(mergeSums({ ...graph, nodes }, constants, types), constants);
}

/** `Gemm(h, B, Gemm(x, A, c))`, where nobody else asks for the inner one, and none of its rows or columns is repeated. */
function mergeSums(graph: Graph, constants: Constants, types: Types): Graph {
  const products = new Map(
    graph.nodes.flatMap((node) => (weightOf(node, constants) ? [[node.outputs[0], node] as const] : [])),
  );
  const uses = new Map<string, number>();
  for (const name of [...namesUsed(graph), ...graph.outputs.map((output) => output.name)]) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  const absorbed = new Set<string>();
  const nodes = graph.nodes.flatMap((node) => {
    const [factor, , addend] = node.inputs;
    const inner = addend === undefined ? undefined : products.get(addend);
    const [outerWeight, innerWeight] = [weightOf(node, constants), inner && weightOf(inner, constants)];
    if (inner === undefined || outerWeight === undefined || innerWeight === undefined) return [node];
    const [innerShape, shape] = [addend, node.outputs[0]].map((name) => types.get(name)?.shape ?? []);
    if (uses.get(addend) !== 1 || absorbed.has(addend) || !sameShape(innerShape, shape)) return [node];
    absorbed.add(addend);
    const joined = `${node.outputs[0]}.factors`;
    const weight = onTop(innerWeight, outerWeight);
    constants.set(weight.name, weight);
    const sum = {
      ...inner,
      name: node.name,
      inputs: [joined, weight.name, ...inner.inputs.slice(2)],
      outputs: node.outputs,
    };
    // It may be the inner one of a sum that follows.
    products.set(node.outputs[0], sum);
    return [
      {
        name: joined,
        operator: "Concat",
        domain: "",
        inputs: [inner.inputs[0], factor],
        outputs: [joined],
        attributes: { axis: int(-1) },
      },
      sum,
    ];
  });
  return { ...graph, nodes: nodes.filter(({ outputs }) => !absorbed.has(outputs[0])) };
}

/** `MatMul(x, A)`, `MatMul(x, B)` … */
function mergeSiblings(graph: Graph, constants: Constants): Graph {
  const byInput = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    if (node.operator !== "MatMul" || weightOf(node, constants) === undefined) continue;
    byInput.set(node.inputs[0], [...(byInput.get(node.inputs[0]) ?? []), node]);
  }
  const families = [...byInput.values()].filter(({ length }) => length > 1);
  const members = new Set(families.flat());
  const byFirst = new Map(families.map((family) => [family[0], family]));
  const nodes = graph.nodes.flatMap((node) => {
    const family = byFirst.get(node);
    if (family === undefined) return members.has(node) ? [] : [node];
    const weights = family.flatMap((each) => weightOf(each, constants) ?? []);
    const weight = sideBySide(weights);
    const sizes = listOf(
      `${weight.name}.widths`,
      weights.map(({ shape }) => shape[1]),
    );
    constants.set(weight.name, weight).set(sizes.name, sizes);
    const whole = `${node.outputs[0]}.together`;
    return [
      { ...node, name: whole, inputs: [node.inputs[0], weight.name], outputs: [whole] },
      {
        name: `${whole}.cut`,
        operator: "Split",
        domain: "",
        inputs: [whole, sizes.name],
        outputs: family.map(({ outputs }) => outputs[0]),
        attributes: { axis: int(-1) },
      },
    ];
  });
  return { ...graph, nodes };
}

/** The constant matrix of a product that does nothing but multiply, and add. */
export function weightOf(node: Node, constants: ReadonlyMap<string, Constant>): Constant | undefined {
  const weight = constants.get(node.inputs[1]);
  if (weight?.type !== "float32" || weight.shape.length !== 2) return undefined;
  if (node.operator === "MatMul") return weight;
  if (node.operator !== "Gemm") return undefined;
  const { transA, transB, alpha, beta } = node.attributes;
  const isPlain = transA?.value === 0 && transB?.value === 0 && alpha?.value === 1 && beta?.value === 1;
  return isPlain ? weight : undefined;
}

/** Names that nodes ask for, in bodies too. */
export function namesUsed(graph: Graph): readonly string[] {
  return graph.nodes.flatMap(({ inputs, attributes }) => [
    ...inputs,
    ...Object.values(attributes).flatMap((attribute) =>
      attribute.type === "graph"
        ? [...namesUsed(attribute.value), ...attribute.value.outputs.map(({ name }) => name)]
        : [],
    ),
  ]);
}

function onTop(above: Constant, below: Constant): Constant {
  const bytes = new Uint8Array(above.bytes.length + below.bytes.length);
  bytes.set(above.bytes);
  bytes.set(below.bytes, above.bytes.length);
  const shape = [above.shape[0] + below.shape[0], above.shape[1]];
  return { name: `${above.name}+${below.name}`, type: "float32", shape, bytes };
}

function sideBySide(parts: readonly Constant[]): Constant {
  const [rows] = parts[0].shape;
  const columns = parts.reduce((sum, { shape }) => sum + shape[1], 0);
  const bytes = new Uint8Array(rows * columns * 4);
  let start = 0;
  for (const part of parts) {
    const width = part.shape[1] * 4;
    for (let row = 0; row < rows; row++) {
      bytes.set(part.bytes.subarray(row * width, (row + 1) * width), row * columns * 4 + start);
    }
    start += width;
  }
  return { name: parts.map(({ name }) => name).join("|"), type: "float32", shape: [rows, columns], bytes };
}

function listOf(name: string, values: readonly number[]): Constant {
  const words = BigInt64Array.from(values, BigInt);
  return { name, type: "int64", shape: [values.length], bytes: new Uint8Array(words.buffer) };
}
