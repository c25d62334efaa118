/** @file Small graphs written by hand, one for each thing that a runtime has to get right. */
import type { Constant, DataType, Dimension, Graph, Model, Node, Value } from "../../src/onnx/model.ts";
import type { TensorData } from "../../src/runtime/session.ts";

export const value = (name: string, type: DataType, ...shape: readonly Dimension[]): Value => ({
  name,
  type,
  shape,
});

export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Node["attributes"] = {},
): Node {
  return { name: `${operator} ${outputs[0]}`, operator, domain: "", inputs, outputs, attributes };
}

export function modelOf(graph: Partial<Graph> & Pick<Graph, "nodes" | "inputs" | "outputs">): Model {
  return {
    graph: { name: "test", constants: [], ...graph },
    operatorSets: { "": 21 },
    metadata: {},
  };
}

/** `sum` = left + right and `same` = left, whose first size is the caller's. */
export const addition = modelOf({
  nodes: [node("Add", ["left", "right"], ["sum"]), node("Identity", ["left"], ["same"])],
  inputs: [value("left", "float32", "rows", 2), value("right", "float32", "rows", 2)],
  outputs: [value("sum", "float32", "rows", 2), value("same", "float32", "rows", 2)],
});

/** `product` = left · right, every size the caller's. */
export const product = modelOf({
  nodes: [node("MatMul", ["left", "right"], ["product"])],
  inputs: [value("left", "float32", "rows", "inner"), value("right", "float32", "inner", "columns")],
  outputs: [value("product", "float32", "rows", "columns")],
});

/** `sums`[t] = start + values[0] + … + values[t], step by step in a Scan; `last` is the state at its end. */
export const runningSum = modelOf({
  nodes: [
    node("Scan", ["start", "values"], ["last", "sums"], {
      num_scan_inputs: { type: "int", value: 1 },
      body: {
        type: "graph",
        value: {
          name: "step",
          nodes: [node("Add", ["before", "now"], ["after"]), node("Identity", ["after"], ["emitted"])],
          inputs: [value("before", "float32", 3), value("now", "float32", 3)],
          outputs: [value("after", "float32", 3), value("emitted", "float32", 3)],
          constants: [],
        },
      },
    }),
  ],
  inputs: [value("start", "float32", 3), value("values", "float32", "steps", 3)],
  outputs: [value("last", "float32", 3), value("sums", "float32", "steps", 3)],
});

export const elementTypes = [
  "float32",
  "float64",
  "float16",
  "int8",
  "uint8",
  "int32",
  "int64",
  "bool",
] as const satisfies readonly TensorData["type"][];

/** Every element type, out as it came in. */
export const echo = modelOf({
  nodes: elementTypes.map((type) => node("Identity", [type], [`same ${type}`])),
  inputs: elementTypes.map((type) => value(type, type, `size of ${type}`)),
  outputs: elementTypes.map((type) => value(`same ${type}`, type, `size of ${type}`)),
});

/** Fails while it runs where `size` is not the number of entries. */
export const reshape = modelOf({
  nodes: [node("Reshape", ["values", "size"], ["reshaped"])],
  inputs: [value("values", "float32", 4), value("size", "int64", 1)],
  outputs: [value("reshaped", "float32", "entries")],
});

const shape: Constant = {
  name: "shape",
  type: "int64",
  shape: [2],
  bytes: new Uint8Array(BigInt64Array.of(96n, 96n).buffer),
};

/** Multiplies a matrix of ones by itself `repeats` times and gives the last product: as slow as one likes. */
export const slow = modelOf({
  nodes: [
    node("Expand", ["one", "shape"], ["ones"]),
    node("Loop", ["repeats", "", "ones"], ["result"], {
      body: {
        type: "graph",
        value: {
          name: "body",
          nodes: [node("MatMul", ["ones", "ones"], ["product"]), node("Identity", ["going"], ["going on"])],
          inputs: [value("index", "int64"), value("going", "bool"), value("before", "float32", 96, 96)],
          outputs: [value("going on", "bool"), value("product", "float32", 96, 96)],
          constants: [],
        },
      },
    }),
  ],
  inputs: [value("repeats", "int64"), value("one", "float32")],
  outputs: [value("result", "float32", 96, 96)],
  constants: [shape],
});

/** No runtime knows this operator. */
export const unknownOperator = modelOf({
  nodes: [node("Rubato", ["values"], ["stolen"])],
  inputs: [value("values", "float32", 2)],
  outputs: [value("stolen", "float32", 2)],
});

/** Sizes that cannot be multiplied. */
export const impossibleProduct = modelOf({
  nodes: [node("MatMul", ["left", "right"], ["product"])],
  inputs: [value("left", "float32", 2, 3), value("right", "float32", 4, 5)],
  outputs: [value("product", "float32", 2, 5)],
});

export function float32(shape: readonly number[], numbers: Iterable<number>): TensorData {
  return { type: "float32", shape, data: Float32Array.from(numbers) };
}

export function int64(shape: readonly number[], numbers: Iterable<bigint>): TensorData {
  return { type: "int64", shape, data: BigInt64Array.from(numbers) };
}
