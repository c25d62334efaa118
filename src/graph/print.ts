/** @file Printing: a graph as lines that a person can read, and tests can compare. */
import type { Attribute, Constant, Graph } from "../onnx/model.ts";
import { describe } from "./build.ts";
import { constantNumbers } from "./constant-bytes.ts";
import { sizeOf } from "./numbers.ts";
import type { Program } from "./program.ts";
import { formatType, type TensorType } from "./tensor.ts";

/**
 * One line per node: `Add_3 float32[8, 64] = Add(x, bias)`. Short constants stand in place of their names; the body of
 * a Scan follows it, further in.
 */
export function print(program: Program): string {
  const { model, types } = describe(program);
  const constants = new Map(
    model.graph.constants.map((constant) => [constant.name, printConstant(constant)]),
  );
  return printGraph(model.graph, types, constants, "").join("\n");
}

function printConstant(constant: Constant): string {
  if (sizeOf(constant.shape) > 8) return `${constant.name} ${formatType(constant)}`;
  const { values, shape } = constantNumbers(constant);
  const list = Array.from(values, (value) => String(Number(value.toPrecision(6)))).join(", ");
  return shape.length === 0 ? list : `[${list}]`;
}

function printGraph(
  graph: Graph,
  types: ReadonlyMap<string, TensorType>,
  constants: ReadonlyMap<string, string>,
  indent: string,
): readonly string[] {
  const typed = (name: string) => {
    const type = types.get(name);
    return type === undefined ? name : `${name} ${formatType(type)}`;
  };
  const lines = graph.nodes.flatMap((node) => {
    const inputs = node.inputs.map((name) => constants.get(name) ?? name);
    const attributes = Object.entries(node.attributes).flatMap(([name, attribute]) => {
      const text = printAttribute(attribute);
      return text === undefined ? [] : [`${name}=${text}`];
    });
    const bodies = Object.values(node.attributes).flatMap((attribute) =>
      attribute.type === "graph" ? printGraph(attribute.value, types, constants, `${indent}  `) : [],
    );
    const call = `${node.operator}(${[...inputs, ...attributes].join(", ")})`;
    return [`${indent}${node.outputs.map(typed).join(", ")} = ${call}`, ...bodies];
  });
  const inputs = graph.inputs.map(({ name }) => typed(name)).join(", ");
  const outputs = graph.outputs.map(({ name }) => name).join(", ");
  return [`${indent}given ${inputs}`, ...lines, `${indent}return ${outputs}`];
}

function printAttribute(attribute: Attribute): string | undefined {
  switch (attribute.type) {
    case "graph":
      return undefined;
    case "tensor":
      return attribute.value.name;
    case "ints":
    case "floats":
    case "strings":
      return `[${attribute.value.join(", ")}]`;
    default:
      return String(attribute.value);
  }
}
