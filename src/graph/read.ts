/** @file Reading: from an ONNX model back to tensors, for the models that Rubato writes. */
import type { Graph, Model, Node as OnnxNode } from "../onnx/model.ts";
import { constantNumbers } from "./constant-bytes.ts";
import { EncodingReader, GraphError } from "./encoding.ts";
import { createLoop } from "./loop.ts";
import { applyLoop, operators, stepsOf } from "./operators/index.ts";
import type { Program } from "./program.ts";
import { input, type Tensor } from "./tensor.ts";

const byName = new Map(
  Object.values(operators).map((operator) => [`${operator.domain}:${operator.name}`, operator]),
);

/** Values by name, with those of the graphs around. */
type Values = Map<string, Tensor>;

/**
 * The program that a model computes.
 *
 * @throws GraphError for an operator that Rubato does not have, or one used in a way that it does not know
 * @throws ShapeError where shapes do not fit
 */
export function read(model: Model): Required<Program> {
  const inputs = model.graph.inputs.map(({ name, type, shape }) => input(name, type, shape));
  const values: Values = new Map(inputs.map((tensor, i) => [model.graph.inputs[i].name, tensor]));
  const outputs = readGraph(model.graph, values);
  return {
    inputs,
    outputs: Object.fromEntries(model.graph.outputs.map(({ name }, i) => [name, outputs[i]])),
  };
}

function readGraph(graph: Graph, values: Values): readonly Tensor[] {
  for (const constant of graph.constants) {
    const numbers = constantNumbers(constant);
    const { type, shape } = numbers;
    values.set(constant.name, { type, shape, origin: { kind: "constant", numbers } });
  }
  for (const node of graph.nodes) {
    const { body } = node.attributes;
    const outputs = body?.type === "graph" ? readLoop(node, body.value, values) : readNode(node, values);
    for (const [i, name] of node.outputs.entries()) values.set(name, outputs[i]);
  }
  return graph.outputs.map(({ name }) => find(values, name, "the graph's outputs"));
}

function find(values: Values, name: string, by: string): Tensor {
  const found = values.get(name);
  if (found !== undefined) return found;
  throw new GraphError(
    `${by}: found the name "${name}" before anything it stands for, expected nodes in order: export the model again`,
  );
}

function readNode(node: OnnxNode, values: Values): readonly Tensor[] {
  const operator = byName.get(`${node.domain}:${node.operator}`);
  if (operator === undefined) {
    const name = node.domain === "" ? node.operator : `${node.domain}.${node.operator}`;
    throw new GraphError(
      `found the operator ${name}, expected one that Rubato writes: run this model with ONNX Runtime instead`,
    );
  }
  const given = node.inputs.map((name) => find(values, name, node.operator));
  const arity = operator.arity ?? given.length;
  const lists = given.slice(arity).map(({ origin }) => {
    if (origin.kind === "constant") return Array.from(origin.numbers.values);
    throw new GraphError(
      `${node.operator}: found an input where a constant was expected: export the model again`,
    );
  });
  return operator.read(given.slice(0, arity), { attributes: node.attributes, lists });
}

function readLoop(node: OnnxNode, body: Graph, values: Values): readonly Tensor[] {
  if (node.operator !== "Scan") {
    throw new GraphError(
      `found ${node.operator} with a body, expected Scan: run this model with ONNX Runtime instead`,
    );
  }
  const reader = new EncodingReader("Scan", { attributes: node.attributes, lists: [] });
  const scanned = reader.int("num_scan_inputs");
  const given = node.inputs.map((name) => find(values, name, "Scan"));
  const states = given.slice(0, given.length - scanned);
  const sequences = given.slice(given.length - scanned);
  const boundary = body.inputs.map(({ name, type, shape }) => input(name, type, shape));
  const inner: Values = new Map([
    ...values,
    ...boundary.map((tensor, i) => [body.inputs[i].name, tensor] as const),
  ]);
  const results = readGraph(body, inner);
  const stacked = results.slice(states.length);
  const directions = new Set([
    ...reader.ints(
      "scan_input_directions",
      sequences.map(() => 0),
    ),
    ...reader.ints(
      "scan_output_directions",
      stacked.map(() => 0),
    ),
  ]);
  if (directions.size > 1)
    throw new GraphError("Scan: found two directions, expected one: export the model again");
  const axes = [...reader.ints("scan_input_axes", []), ...reader.ints("scan_output_axes", [])];
  const other = axes.find((axis) => axis !== 0);
  if (other !== undefined) {
    throw new GraphError(
      `Scan: found steps along axis ${other}, expected axis 0: run this model with ONNX Runtime instead`,
    );
  }
  const loop = createLoop({
    key: {},
    states: boundary.slice(0, states.length),
    elements: boundary.slice(states.length),
    nextStates: results.slice(0, states.length),
    stacked,
    reverse: directions.has(1),
  });
  return applyLoop(loop, states, sequences, stepsOf(sequences));
}
