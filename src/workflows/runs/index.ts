/** @module `runs`: which runs there are, and their curves. */
export { type RunsInput, runsSchema } from "./options.ts";
export type { RunSummary } from "./run.ts";
export { type RunsReport, runs } from "./runs.ts";
