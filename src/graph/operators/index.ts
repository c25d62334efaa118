/** @module Operators by family: the table that files are read by, and a function for each. */
import type { RegisteredOperator } from "../operator.ts";
import { arithmetic } from "./arithmetic.ts";
import { comparison } from "./comparison.ts";
import { layout } from "./layout.ts";
import { matrix } from "./matrix.ts";
import { reductions } from "./reduction.ts";
import { unary } from "./unary.ts";

/** Scan is not among them: it is a form of graph rather than a record. */
export const operators: Readonly<Record<string, RegisteredOperator>> = {
  ...arithmetic,
  ...comparison,
  ...layout,
  ...matrix,
  ...reductions,
  ...unary,
};

export * from "./arithmetic.ts";
export * from "./comparison.ts";
export * from "./layout.ts";
export * from "./matrix.ts";
export * from "./reduction.ts";
export { type ScanOptions, type ScanResult, scan } from "./scan.ts";
export * from "./unary.ts";
