/** @module Models: one file and one line each. */
import { UsageError } from "../util/errors.ts";
import { suggestion } from "../util/suggest.ts";
import { gru } from "./gru.ts";
import { lstm } from "./lstm.ts";
import { melody } from "./melody.ts";
import type { Model, ModelDefinition } from "./model.ts";
import { transformer } from "./transformer.ts";

export const models = { lstm, gru, transformer, melody } as const satisfies Readonly<
  Record<string, ModelDefinition>
>;

export type ModelName = keyof typeof models;

const byName: ReadonlyMap<string, ModelDefinition> = new Map(Object.entries(models));

/**
 * Makes a model by name, from a configuration as JSON.
 *
 * @throws UsageError for an unknown name; ConfigError for a configuration that does not fit.
 */
export function openModel(name: string, config: unknown): Model {
  const definition = byName.get(name);
  if (definition) return definition.open(config);
  const names = [...byName.keys()];
  throw new UsageError(
    `found model "${name}", expected one of ${names.join(", ")}${suggestion(name, names)}`,
  );
}

/** Whether both are models, and of one family: what is said of one can be said of the other. */
export function areKin(one: string, other: string): boolean {
  const family = byName.get(one)?.family;
  return family !== undefined && family === byName.get(other)?.family;
}

export { type ExportOptions, exportForward, exportSampling, exportStep, type Precision } from "./export.ts";
export {
  type ForwardInput,
  initialParameters,
  type Model,
  type ModelDefinition,
  type Prediction,
  type State,
  type StateSpec,
  type StepInput,
} from "./model.ts";
export { type Outcome, tokenShape } from "./outcome.ts";
