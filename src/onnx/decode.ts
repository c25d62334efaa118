/** @file The bytes of an .onnx file → Model, for the files that our writer writes. */
import { UserError } from "../util/errors.ts";
import { ProtobufError, type ProtobufField, readFields, readPackedIntegers } from "../util/protobuf.ts";
import {
  type Attribute,
  type Constant,
  type DataType,
  type Dimension,
  dataTypes,
  type Graph,
  type Model,
  type Node,
  type Value,
} from "./model.ts";

/** Bytes that are no ONNX model, or one with parts that Rubato does not read. */
export class OnnxError extends UserError {}

const decoder = new TextDecoder();

/** @throws OnnxError for bytes that are no model of the kind we write. */
export function decodeModel(bytes: Uint8Array): Model {
  try {
    return readModel(bytes);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw new OnnxError(
      `found bytes that are no ONNX model (${error.message}, byte ${error.offset}), expected an .onnx file: export it again`,
    );
  }
}

function readModel(bytes: Uint8Array): Model {
  let graph: Graph | undefined;
  const operatorSets: Record<string, number> = {};
  const metadata: Record<string, string> = {};
  for (const field of readFields(bytes)) {
    if (field.field === 7) graph = readGraph(asBytes(field));
    else if (field.field === 8) {
      const parts = collect(asBytes(field));
      operatorSets[text(parts, 1)] = integer(parts, 2);
    } else if (field.field === 14) {
      const parts = collect(asBytes(field));
      metadata[text(parts, 1)] = text(parts, 2);
    }
  }
  if (graph === undefined)
    throw new OnnxError("found a file without a graph, expected an ONNX model: export it again");
  return { graph, operatorSets, metadata };
}

function readGraph(bytes: Uint8Array): Graph {
  const parts = collect(bytes);
  return {
    name: text(parts, 2),
    nodes: messages(parts, 1).map(readNode),
    inputs: messages(parts, 11).map(readValue),
    outputs: messages(parts, 12).map(readValue),
    constants: messages(parts, 5).map(readConstant),
  };
}

function readNode(bytes: Uint8Array): Node {
  const parts = collect(bytes);
  const attributes: Record<string, Attribute> = {};
  for (const attribute of messages(parts, 5)) {
    const inside = collect(attribute);
    attributes[text(inside, 1)] = readAttribute(inside, text(inside, 1));
  }
  return {
    name: text(parts, 3),
    operator: text(parts, 4),
    domain: text(parts, 7),
    inputs: texts(parts, 1),
    outputs: texts(parts, 2),
    attributes,
  };
}

function readAttribute(parts: Parts, name: string): Attribute {
  switch (integer(parts, 20)) {
    case 1:
      return { type: "float", value: float(parts, 2) };
    case 2:
      return { type: "int", value: integer(parts, 3) };
    case 3:
      return { type: "string", value: text(parts, 4) };
    case 4:
      return { type: "tensor", value: readConstant(messages(parts, 5)[0]) };
    case 5:
      return { type: "graph", value: readGraph(messages(parts, 6)[0]) };
    case 6:
      return { type: "floats", value: packedFloats(parts, 7) };
    case 7:
      return { type: "ints", value: messages(parts, 8).flatMap(readPackedIntegers) };
    case 8:
      return { type: "strings", value: texts(parts, 9) };
    default:
      throw new OnnxError(
        `found attribute "${name}" of a kind that Rubato does not read, expected a file that it wrote`,
      );
  }
}

function readConstant(bytes: Uint8Array): Constant {
  const parts = collect(bytes);
  return {
    name: text(parts, 8),
    type: dataType(integer(parts, 2)),
    shape: messages(parts, 1).flatMap(readPackedIntegers),
    // A copy: a constant must not hold the whole file in memory.
    bytes: new Uint8Array(messages(parts, 9)[0] ?? []),
  };
}

function readValue(bytes: Uint8Array): Value {
  const parts = collect(bytes);
  const tensor = collect(inside(collect(inside(parts, 2)), 1));
  const shape = messages(collect(inside(tensor, 2)), 1).map((dimension): Dimension => {
    const size = collect(dimension);
    return size.has(2) ? text(size, 2) : integer(size, 1);
  });
  return { name: text(parts, 1), type: dataType(integer(tensor, 1)), shape };
}

function dataType(number: number): DataType {
  for (const [name, code] of entries(dataTypes)) if (code === number) return name;
  throw new OnnxError(`found element type ${number}, expected one of ${Object.keys(dataTypes).join(", ")}`);
}

function entries<Key extends string, Entry>(
  record: Readonly<Record<Key, Entry>>,
): readonly (readonly [Key, Entry])[] {
  const keys: Key[] = [];
  for (const key in record) keys.push(key);
  return keys.map((key) => [key, record[key]]);
}

/** The fields of a message by number. */
type Parts = ReadonlyMap<number, readonly ProtobufField[]>;

function collect(bytes: Uint8Array): Parts {
  const parts = new Map<number, ProtobufField[]>();
  for (const field of readFields(bytes)) {
    const list = parts.get(field.field) ?? [];
    list.push(field);
    parts.set(field.field, list);
  }
  return parts;
}

function asBytes(field: ProtobufField): Uint8Array {
  if (field.type === "bytes") return field.value;
  throw new ProtobufError(`field ${field.field} is a number where a message was expected`, 0);
}

const messages = (parts: Parts, field: number) => (parts.get(field) ?? []).map(asBytes);
const inside = (parts: Parts, field: number) => messages(parts, field)[0] ?? new Uint8Array(0);
const texts = (parts: Parts, field: number) => messages(parts, field).map((bytes) => decoder.decode(bytes));
const text = (parts: Parts, field: number) => texts(parts, field)[0] ?? "";

function integer(parts: Parts, field: number): number {
  const found = parts.get(field)?.at(-1);
  return found?.type === "integer" ? found.value : 0;
}

function float(parts: Parts, field: number): number {
  const found = parts.get(field)?.at(-1);
  return found?.type === "float" ? found.value : 0;
}

function packedFloats(parts: Parts, field: number): number[] {
  return messages(parts, field).flatMap((bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
  });
}
