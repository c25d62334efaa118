/** @module `compare`: how near music is to what people play. */
export type { Estimate } from "../../evaluation/index.ts";
export { type Comparison, compare, type Difference, type SystemReport } from "./compare.ts";
export { type CompareInput, type CompareOptions, compareSchema } from "./options.ts";
