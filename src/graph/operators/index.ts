/** @module Operators by family: the table that files are read by, and a function for each. */
import type { RegisteredOperator } from "../operator.ts";
import { arithmetic } from "./arithmetic.ts";
import { comparison } from "./comparison.ts";
import { indexing } from "./indexing.ts";
import { layout } from "./layout.ts";
import { matrix } from "./matrix.ts";
import { normalizations } from "./normalization.ts";
import { orderings } from "./ordering.ts";
import { quantized } from "./quantized.ts";
import { reductions } from "./reduction.ts";
import { rotaries } from "./rotary.ts";
import { softmaxes } from "./softmax.ts";
import { unary } from "./unary.ts";

/** Scan is not among them: it is a form of graph rather than a record. */
export const operators: Readonly<Record<string, RegisteredOperator>> = {
  ...arithmetic,
  ...comparison,
  ...indexing,
  ...layout,
  ...matrix,
  ...normalizations,
  ...orderings,
  ...quantized,
  ...reductions,
  ...rotaries,
  ...softmaxes,
  ...unary,
};

export * from "./arithmetic.ts";
export * from "./comparison.ts";
export * from "./indexing.ts";
export * from "./layout.ts";
export * from "./matrix.ts";
export * from "./normalization.ts";
export * from "./ordering.ts";
export * from "./quantized.ts";
export * from "./reduction.ts";
export * from "./rotary.ts";
export { applyLoop, type ScanOptions, type ScanResult, scan, stepsOf } from "./scan.ts";
export { scatterAdd } from "./scatter-add.ts";
export * from "./softmax.ts";
export * from "./unary.ts";
