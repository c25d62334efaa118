/**
 * @file Products of one tensor with several constant matrices become one product, cut up afterwards: for a single row,
 * starting a product costs more than a part of what it computes.
 */
import type { Constant, Graph, Model, Node } from "../onnx/model.ts";

/** The model with every `MatMul(x, A)`, `MatMul(x, B)` … of constant matrices put together. */
export function mergeProducts(model: Model): Model {
  const { graph } = model;
  const weights = new Map(graph.constants.map((constant) => [constant.name, constant]));
  const groups = groupByInput(graph, weights);
  if (groups.length === 0) return model;
  const merged = new Set(groups.flatMap(({ nodes }) => nodes.map((node) => node.name)));
  const firsts = new Map(groups.map((group) => [group.nodes[0].name, group]));
  const nodes = graph.nodes.flatMap((node) => {
    const group = firsts.get(node.name);
    if (group !== undefined) return productAndCut(group);
    return merged.has(node.name) ? [] : [node];
  });
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const added = groups.flatMap(({ name, weights: parts }) => [sideBySide(name, parts), widths(name, parts)]);
  const kept = graph.constants.filter(({ name }) => used.has(name) || isUsedInside(graph, name));
  return { ...model, graph: { ...graph, nodes, constants: [...kept, ...added] } };
}

interface Group {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly weights: readonly Constant[];
}

function groupByInput(graph: Graph, weights: ReadonlyMap<string, Constant>): readonly Group[] {
  const byInput = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    const weight = weights.get(node.inputs[1]);
    if (node.operator !== "MatMul" || weight?.type !== "float32" || weight.shape.length !== 2) continue;
    byInput.set(node.inputs[0], [...(byInput.get(node.inputs[0]) ?? []), node]);
  }
  return [...byInput.values()].flatMap((nodes) => {
    const parts = nodes.flatMap((node) => weights.get(node.inputs[1]) ?? []);
    return nodes.length < 2
      ? []
      : [{ name: nodes.map(({ inputs }) => inputs[1]).join("|"), nodes, weights: parts }];
  });
}

function productAndCut({ name, nodes }: Group): readonly Node[] {
  const whole = `${nodes[0].outputs[0]}.together`;
  const outputs = nodes.map((node) => node.outputs[0]);
  return [
    { ...nodes[0], name: whole, inputs: [nodes[0].inputs[0], name], outputs: [whole] },
    {
      name: `${whole}.cut`,
      operator: "Split",
      domain: "",
      inputs: [whole, `${name}.widths`],
      outputs,
      attributes: { axis: { type: "int", value: -1 } },
    },
  ];
}

/** The matrices' rows, one after another. */
function sideBySide(name: string, parts: readonly Constant[]): Constant {
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
  return { name, type: "float32", shape: [rows, columns], bytes };
}

function widths(name: string, parts: readonly Constant[]): Constant {
  const values = BigInt64Array.from(parts, ({ shape }) => BigInt(shape[1]));
  return {
    name: `${name}.widths`,
    type: "int64",
    shape: [parts.length],
    bytes: new Uint8Array(values.buffer),
  };
}

/** Whether a body inside the graph uses a name of it. */
function isUsedInside(graph: Graph, name: string): boolean {
  return graph.nodes.some(({ attributes }) =>
    Object.values(attributes).some(
      (attribute) =>
        attribute.type === "graph" &&
        (attribute.value.nodes.some(({ inputs }) => inputs.includes(name)) ||
          isUsedInside(attribute.value, name)),
    ),
  );
}
