/** @module Symbolic tensors, operators on them, their gradients, and the ONNX models that are built of them. */
export { type BuildOptions, build } from "./build.ts";
export { customGradient } from "./custom-gradient.ts";
export { GraphError } from "./encoding.ts";
export { evaluate } from "./evaluate.ts";
export { gradient, gradients } from "./gradient.ts";
export type { Numbers } from "./numbers.ts";
export * from "./operators/index.ts";
export { print } from "./print.ts";
export type { Program } from "./program.ts";
export { read } from "./read.ts";
export { ShapeError } from "./shape.ts";
export { constant, formatType, input, type Tensor, type TensorType } from "./tensor.ts";
export { inputsOf } from "./walk.ts";
