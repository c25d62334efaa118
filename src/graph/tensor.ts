/**
 * @file Tensor: symbolic, a type and how it is made. A graph is nothing but tensors that name their inputs; nodes that
 * nothing asks for vanish by themselves.
 */
import type { DataType, Dimension } from "../onnx/model.ts";
import type { Encoding } from "./encoding.ts";
import type { Loop } from "./loop.ts";
import type { Numbers } from "./numbers.ts";

export type { Dimension };

export interface TensorType {
  readonly type: DataType;
  readonly shape: readonly Dimension[];
}

export interface Tensor extends TensorType {
  readonly origin: Origin;
}

export type Origin =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "constant"; readonly numbers: Numbers }
  | { readonly kind: "node"; readonly node: Node; readonly output: number };

/** An operator applied. It holds what the operator does rather than the operator's name, so that nobody looks it up. */
export interface Node {
  /** ONNX's name: "MatMul". */
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** What stands in the file besides inputs and outputs. */
  readonly encoding: Encoding;
  /** Given where the node repeats a body: Scan. */
  readonly loop?: Loop;
  /** Given where the node is another name for tensors that exist already: its outputs are these. */
  readonly aliases?: readonly Tensor[];
  /** The outputs' values: what the reference interpreter runs. */
  evaluate(inputs: readonly Numbers[]): readonly Numbers[];
  /** What flows back to each input; undefined where nothing does. */
  gradient(cotangents: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[];
  /**
   * The sum over the steps of a loop of this node's (only) output; undefined where there is no shorter way than
   * adding the steps up.
   */
  sumOverSteps(inputs: readonly StepInput[]): Tensor | undefined;
}

/** An input of a node in a loop's body, as seen from outside. */
export interface StepInput {
  /** Whether it is another tensor at each step. */
  readonly changes: boolean;
  readonly shape: readonly Dimension[];
  /** All steps, along a new first axis; or the tensor itself where it does not change. */
  stacked(): Tensor;
  /** The sum over the steps. */
  summed(): Tensor;
}

export function input(name: string, type: DataType, shape: readonly Dimension[]): Tensor {
  return { type, shape, origin: { kind: "input", name } };
}

/** Numbers that never change: a scalar; a list; or any shape, row-major. float32 unless said otherwise. */
export function constant(
  values: number | ArrayLike<number>,
  options: { readonly type?: DataType; readonly shape?: readonly number[] } = {},
): Tensor {
  const list = typeof values === "number" ? [values] : values;
  const shape = options.shape ?? (typeof values === "number" ? [] : [list.length]);
  const type = options.type ?? "float32";
  const numbers: Numbers = { type, shape, values: list };
  return { type, shape, origin: { kind: "constant", numbers } };
}

/** "float32[8, 64]" */
export function formatType({ type, shape }: TensorType): string {
  return `${type}[${shape.join(", ")}]`;
}

export function isFloat(type: DataType): boolean {
  return type === "float32" || type === "float64" || type === "float16";
}
