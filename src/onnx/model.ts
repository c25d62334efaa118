/**
 * @file ONNX as plain data: Model, Graph, Node, Value, in ONNX's own words.
 *
 * Source: onnx.proto3 of the ONNX specification, IR version 10. Only what our writer writes is here.
 */

/** Element types by their names; the numbers are TensorProto.DataType. */
export const dataTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;

export type DataType = keyof typeof dataTypes;

/** A size that is known, or a name for one that is not. */
export type Dimension = number | string;

/** An input or output of a graph. */
export interface Value {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly Dimension[];
}

/** A constant: little-endian bytes in row-major order. */
export interface Constant {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export type Attribute =
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "int"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "tensor"; readonly value: Constant }
  | { readonly type: "graph"; readonly value: Graph }
  | { readonly type: "floats"; readonly value: readonly number[] }
  | { readonly type: "ints"; readonly value: readonly number[] }
  | { readonly type: "strings"; readonly value: readonly string[] };

export interface Node {
  readonly name: string;
  /** As in "MatMul". */
  readonly operator: string;
  /** "" for ONNX itself, "com.microsoft" for ONNX Runtime's own. */
  readonly domain: string;
  /** Names of values; "" where an optional input is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly constants: readonly Constant[];
}

export interface Model {
  readonly graph: Graph;
  /** Version of each operator set, by domain. */
  readonly operatorSets: Readonly<Record<string, number>>;
  /** `metadata_props`: what a program that finds the file wants to know. */
  readonly metadata: Readonly<Record<string, string>>;
}
