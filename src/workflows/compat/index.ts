/** @module `compat`: the command lines of other systems, as ours. */
export { type Flag, flagsOf } from "./flags.ts";
export { type NativeName, type NativeStep, native, natives } from "./native.ts";
export { type CompatOptions, compatSchema } from "./options.ts";
export { type PerformOptions, perform, type StepResult } from "./perform.ts";
export type { FileCopy, Plan, PointerFile, Program, Surroundings, System } from "./program.ts";
export { type ProgramHelp, type Resolved, type ResolveOptions, resolve } from "./resolve.ts";
export { type RunOptions, run as runCompat } from "./run.ts";
export { systems } from "./systems/index.ts";
