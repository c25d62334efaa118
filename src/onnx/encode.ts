/** @file Model → the bytes of an .onnx file. Field numbers are those of onnx.proto3. */

import { ProtobufWriter } from "../util/protobuf.ts";
import {
  type Attribute,
  type Constant,
  dataTypes,
  type Graph,
  type Model,
  type Node,
  type Value,
} from "./model.ts";

/** What ONNX Runtime 1.18 and later read, and enough for every operator that we use. */
const irVersion = 10;

export function encodeModel(model: Model): Uint8Array {
  const writer = new ProtobufWriter().integer(1, irVersion).text(2, "rubato");
  writer.message(7, (inside) => writeGraph(inside, model.graph));
  for (const [domain, version] of Object.entries(model.operatorSets)) {
    writer.message(8, (inside) => inside.text(1, domain).integer(2, version));
  }
  for (const [key, value] of Object.entries(model.metadata)) {
    writer.message(14, (inside) => inside.text(1, key).text(2, value));
  }
  return writer.finish();
}

function writeGraph(writer: ProtobufWriter, graph: Graph): void {
  for (const node of graph.nodes) writer.message(1, (inside) => writeNode(inside, node));
  writer.text(2, graph.name);
  for (const constant of graph.constants) writer.message(5, (inside) => writeConstant(inside, constant));
  for (const value of graph.inputs) writer.message(11, (inside) => writeValue(inside, value));
  for (const value of graph.outputs) writer.message(12, (inside) => writeValue(inside, value));
}

function writeNode(writer: ProtobufWriter, node: Node): void {
  for (const input of node.inputs) writer.text(1, input);
  for (const output of node.outputs) writer.text(2, output);
  writer.text(3, node.name).text(4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    writer.message(5, (inside) => writeAttribute(inside.text(1, name), attribute));
  }
  if (node.domain !== "") writer.text(7, node.domain);
}

/** The kind of an attribute is written too: AttributeProto.AttributeType. */
function writeAttribute(writer: ProtobufWriter, attribute: Attribute): void {
  switch (attribute.type) {
    case "float":
      writer.float(2, attribute.value).integer(20, 1);
      break;
    case "int":
      writer.integer(3, attribute.value).integer(20, 2);
      break;
    case "string":
      writer.text(4, attribute.value).integer(20, 3);
      break;
    case "tensor":
      writer.message(5, (inside) => writeConstant(inside, attribute.value)).integer(20, 4);
      break;
    case "graph":
      writer.message(6, (inside) => writeGraph(inside, attribute.value)).integer(20, 5);
      break;
    case "floats":
      writer.floats(7, attribute.value).integer(20, 6);
      break;
    case "ints":
      writer.integers(8, attribute.value).integer(20, 7);
      break;
    case "strings":
      for (const value of attribute.value) writer.text(9, value);
      writer.integer(20, 8);
      break;
  }
}

function writeConstant(writer: ProtobufWriter, constant: Constant): void {
  writer
    .integers(1, constant.shape)
    .integer(2, dataTypes[constant.type])
    .text(8, constant.name)
    .bytes(9, constant.bytes);
}

function writeValue(writer: ProtobufWriter, value: Value): void {
  writer.text(1, value.name).message(2, (type) =>
    type.message(1, (tensor) =>
      tensor.integer(1, dataTypes[value.type]).message(2, (shape) => {
        for (const size of value.shape) {
          shape.message(1, (dimension) =>
            typeof size === "number" ? dimension.integer(1, size) : dimension.text(2, size),
          );
        }
      }),
    ),
  );
}
