/** @module `evaluate`: how likely a corpus is under a model. */
export { type Evaluation, evaluate } from "./evaluate.ts";
export type { Floor } from "./floors.ts";
export { type EvaluateInput, type EvaluateOptions, evaluateSchema } from "./options.ts";
export type { ModelReport, Part, ProtocolReport } from "./report.ts";
