/** @module Optimisers, schedules of their learning rate, and what is done to gradients on the way. One file and one line each. */
import { UsageError } from "../util/errors.ts";
import { suggestion } from "../util/suggest.ts";
import { adam } from "./adam.ts";
import { adamw } from "./adamw.ts";
import { muon } from "./muon.ts";
import type { Optimiser, OptimiserDefinition, OptimiserTools } from "./optimiser.ts";
import { sgd } from "./sgd.ts";

export const optimisers = {
  adamw,
  adam,
  muon,
  sgd,
} as const satisfies Readonly<Record<string, OptimiserDefinition>>;

export type OptimiserName = keyof typeof optimisers;

const byName: ReadonlyMap<string, OptimiserDefinition> = new Map(Object.entries(optimisers));

/**
 * Makes an optimiser by name, from a configuration as JSON.
 *
 * @throws UsageError for an unknown name; ConfigError for a configuration that does not fit.
 */
export function openOptimiser(name: string, config?: unknown, tools?: OptimiserTools): Optimiser {
  const definition = byName.get(name);
  if (definition) return definition.open(config, tools);
  const names = [...byName.keys()];
  throw new UsageError(
    `found optimiser "${name}", expected one of ${names.join(", ")}${suggestion(name, names)}`,
  );
}

export { type Accumulator, createAccumulator } from "./accumulate.ts";
export { type Clipping, clipByGlobalNorm, globalNorm } from "./clip.ts";
export { type Average, openWeightAverage, type WeightAverage } from "./ema.ts";
export { NonFiniteGradientError, ParameterMismatchError } from "./error.ts";
export type {
  Optimiser,
  OptimiserDefinition,
  OptimiserState,
  OptimiserTools,
  Update,
  Updated,
} from "./optimiser.ts";
export { newtonSchulz, type Orthogonalise, orthogonaliseByNewtonSchulz } from "./orthogonalise.ts";
export {
  openSchedule,
  type Schedule,
  type ScheduleDefinition,
  type ScheduleName,
  schedules,
} from "./schedules/index.ts";
