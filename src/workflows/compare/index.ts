/** @module `compare`: how near music is to what people play. */
export type { Estimate } from "../../evaluation/index.ts";
export { compare } from "./compare.ts";
export type { Comparison, Difference, MetricReport, SystemReport } from "./comparison.ts";
export { type CompareInput, type CompareOptions, compareSchema } from "./options.ts";
