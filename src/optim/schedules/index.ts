/** @module Schedules of the learning rate. One file and one line each. */
import { UsageError } from "../../util/errors.ts";
import { suggestion } from "../../util/suggest.ts";
import { constant } from "./constant.ts";
import { reduceOnPlateau } from "./reduce-on-plateau.ts";
import type { Schedule, ScheduleDefinition } from "./schedule.ts";
import { stepDecay } from "./step-decay.ts";
import { warmupCosine } from "./warmup-cosine.ts";

export const schedules = {
  constant,
  "warmup-cosine": warmupCosine,
  "step-decay": stepDecay,
  "reduce-on-plateau": reduceOnPlateau,
} as const satisfies Readonly<Record<string, ScheduleDefinition>>;

export type ScheduleName = keyof typeof schedules;

const byName: ReadonlyMap<string, ScheduleDefinition> = new Map(Object.entries(schedules));

/**
 * Makes a schedule by name, from a configuration as JSON.
 *
 * @param state of an earlier one, to go on where that stood.
 * @throws UsageError for an unknown name; ConfigError for a configuration or a state that does not fit.
 */
export function openSchedule(name: string, config?: unknown, state?: unknown): Schedule {
  const definition = byName.get(name);
  if (definition) return definition.open(config, state);
  const names = [...byName.keys()];
  throw new UsageError(
    `found schedule "${name}", expected one of ${names.join(", ")}${suggestion(name, names)}`,
  );
}

export type { Schedule, ScheduleDefinition } from "./schedule.ts";
