/** @file The writer against two judges: the schema's own library, and ONNX Runtime. */
import fc from "fast-check";
import onnxProto from "onnx-proto";
import { describe, expect, it } from "vitest";
import { decodeModel, OnnxError } from "./decode.ts";
import { encodeModel } from "./encode.ts";
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

const { onnx } = onnxProto;

const name = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(..."abcxyz_0129é".split("")) });
const integer = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
const float = fc.float({ noNaN: true });
const type = fc.constantFrom<DataType>(
  "float32",
  "uint8",
  "int8",
  "int32",
  "int64",
  "bool",
  "float16",
  "float64",
);
const shape = fc.array(fc.integer({ min: 0, max: 2 ** 33 }), { maxLength: 4 });

const constant: fc.Arbitrary<Constant> = fc.record({
  name,
  type,
  shape,
  bytes: fc.uint8Array({ maxLength: 32 }),
});
const value: fc.Arbitrary<Value> = fc.record({
  name,
  type,
  shape: fc.array(fc.oneof<fc.Arbitrary<Dimension>[]>(fc.integer({ min: 0, max: 2 ** 33 }), name), {
    maxLength: 3,
  }),
});

const { graph } = fc.letrec<{ graph: Graph; attribute: Attribute; node: Node }>((tie) => ({
  attribute: fc.oneof(
    { depthSize: "small", maxDepth: 2 },
    fc.record({ type: fc.constant("float" as const), value: float }),
    fc.record({ type: fc.constant("int" as const), value: integer }),
    fc.record({ type: fc.constant("string" as const), value: fc.string() }),
    fc.record({ type: fc.constant("tensor" as const), value: constant }),
    fc.record({ type: fc.constant("floats" as const), value: fc.array(float, { maxLength: 5 }) }),
    fc.record({ type: fc.constant("ints" as const), value: fc.array(integer, { maxLength: 5 }) }),
    fc.record({ type: fc.constant("strings" as const), value: fc.array(fc.string(), { maxLength: 3 }) }),
    fc.record({ type: fc.constant("graph" as const), value: tie("graph") }),
  ),
  node: fc.record({
    name,
    operator: name,
    domain: fc.constantFrom("", "com.microsoft"),
    inputs: fc.array(fc.oneof(name, fc.constant("")), { maxLength: 3 }),
    outputs: fc.array(name, { maxLength: 2 }),
    attributes: fc.dictionary(name, tie("attribute"), { maxKeys: 3, noNullPrototype: true }),
  }),
  graph: fc.record({
    name,
    nodes: fc.array(tie("node"), { maxLength: 3, depthIdentifier: "graph" }),
    inputs: fc.array(value, { maxLength: 2 }),
    outputs: fc.array(value, { maxLength: 2 }),
    constants: fc.array(constant, { maxLength: 2 }),
  }),
}));

const model: fc.Arbitrary<Model> = fc.record({
  graph,
  operatorSets: fc.dictionary(name, fc.integer({ min: 1, max: 30 }), { maxKeys: 2, noNullPrototype: true }),
  metadata: fc.dictionary(name, fc.string(), { maxKeys: 3, noNullPrototype: true }),
});

describe("a model as bytes", () => {
  it("comes back as it was", () => {
    fc.assert(
      fc.property(model, (given) => {
        expect(decodeModel(encodeModel(given))).toEqual(given);
      }),
      { numRuns: 300 },
    );
  });

  it("is what the schema's own library reads, and writes the same", () => {
    fc.assert(
      fc.property(model, (given) => {
        const bytes = encodeModel(given);
        const read = onnx.ModelProto.decode(bytes);
        expect(read.graph?.node?.length).toBe(given.graph.nodes.length);
        expect(read.graph?.initializer?.map((each) => [each.name, each.dataType])).toEqual(
          given.graph.constants.map((each) => [each.name, dataTypes[each.type]]),
        );
        expect(read.metadataProps?.map(({ key, value: text }) => [key, text])).toEqual(
          Object.entries(given.metadata),
        );
        // Its own bytes may order fields otherwise; what they say must be the same to our reader.
        expect(decodeModel(onnx.ModelProto.encode(read).finish())).toEqual(given);
      }),
      { numRuns: 300 },
    );
  });

  it("is refused in one sentence where it is cut off or foreign", () => {
    fc.assert(
      fc.property(model, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const bytes = encodeModel(given);
        try {
          decodeModel(bytes.subarray(0, Math.floor(share * bytes.length)));
        } catch (error) {
          expect(error).toBeInstanceOf(OnnxError);
        }
      }),
    );
    expect(() => decodeModel(new TextEncoder().encode("no model at all"))).toThrow(OnnxError);
    expect(() => decodeModel(new Uint8Array(0))).toThrow("found a file without a graph");
  });
});
