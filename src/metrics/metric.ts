/**
 * @file The contract of a metric: what it reads off an excerpt, how a set of excerpts is put together, and how far two sets
 * are apart. Descriptions are numbers, so that a set can be drawn again and again for an interval without reading its music
 * again.
 */
import { z } from "zod";
import type { Performance } from "../music/index.ts";
import { readConfiguration } from "../util/configuration.ts";
import type { BinAxis } from "./axis.ts";

/** What may be done to all excerpts of a set without changing their descriptions. */
export type Invariance =
  /** All pitches moved by the same number of semitones. */
  | "transposition"
  /** All times multiplied by the same number. */
  | "tempo"
  /** All velocities raised or lowered by the same number. */
  | "loudness"
  /** All times moved by the same number of seconds. */
  | "delay";

export interface Metric {
  readonly name: string;
  /** The configuration, with all defaults filled in: what `open` needs to make the same again. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Of distances: "bits" for distributions, otherwise what the values are measured in. */
  readonly unit: string;
  readonly invariances: readonly Invariance[];
  /** What bins stand for: of distributions, and of nothing else. */
  readonly axis?: BinAxis;
  /** What an excerpt contributes: as many finite numbers for every excerpt, silence too. */
  describe(excerpt: Performance): Float64Array;
  /** A set of at least one excerpt. */
  gather(descriptions: readonly Float64Array[]): Float64Array;
  /** Between two sets that were gathered: 0 where they are the same, never less, and the same both ways. */
  distance(generated: Float64Array, reference: Float64Array): number;
}

export interface MetricDefinition {
  readonly name: string;
  readonly summary: string;
  /** JSON Schema of the configuration, for help and editors. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The single door: checks a configuration and makes the metric. */
  open(config?: unknown): Metric;
}

export function defineMetric<Schema extends z.ZodObject>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly invariances: readonly Invariance[];
  readonly config: Schema;
  readonly create: (config: z.output<Schema>) => Omit<Metric, "name" | "config" | "invariances">;
}): MetricDefinition {
  const { name, summary, invariances, config: schema, create } = definition;
  return {
    name,
    summary,
    schema: z.toJSONSchema(schema, { io: "input" }),
    open(json = {}) {
      const config = readConfiguration(schema, json, `metric ${name}`);
      return Object.freeze({ ...create(config), name, config, invariances });
    },
  };
}
