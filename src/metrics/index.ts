/** @module Metrics: what is compared between music that was made and music that people played. One file and one line each. */
import { UsageError } from "../util/errors.ts";
import { suggestion } from "../util/suggest.ts";
import { compression } from "./compression.ts";
import { density } from "./density.ts";
import { duration } from "./duration.ts";
import { harmonicInterval } from "./harmonic-interval.ts";
import { interOnset } from "./inter-onset.ts";
import { keyStability } from "./key-stability.ts";
import { meanVelocity } from "./mean-velocity.ts";
import type { Metric, MetricDefinition } from "./metric.ts";
import { onsetInterval } from "./onset-interval.ts";
import { pedalUse } from "./pedal-use.ts";
import { pitch } from "./pitch.ts";
import { pitchClass } from "./pitch-class.ts";
import { pitchClassEntropy } from "./pitch-class-entropy.ts";
import { polyphony } from "./polyphony.ts";
import { repetition } from "./repetition.ts";
import { scaleConsistency } from "./scale-consistency.ts";
import { selfSimilarity } from "./self-similarity.ts";
import { tempoCurve } from "./tempo-curve.ts";
import { velocity } from "./velocity.ts";
import { velocityChange } from "./velocity-change.ts";
import { velocitySpread } from "./velocity-spread.ts";

export const metrics = {
  "harmonic-interval": harmonicInterval,
  "onset-interval": onsetInterval,
  "inter-onset": interOnset,
  duration,
  "velocity-change": velocityChange,
  polyphony,
  "pitch-class-entropy": pitchClassEntropy,
  "scale-consistency": scaleConsistency,
  "key-stability": keyStability,
  density,
  "mean-velocity": meanVelocity,
  "velocity-spread": velocitySpread,
  "pedal-use": pedalUse,
  "tempo-curve": tempoCurve,
  "self-similarity": selfSimilarity,
  repetition,
  compression,
  "pitch-class": pitchClass,
  pitch,
  velocity,
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof metrics;

const byName: ReadonlyMap<string, MetricDefinition> = new Map(Object.entries(metrics));

/**
 * Makes a metric by name, from a configuration as JSON.
 *
 * @throws UsageError for an unknown name; ConfigError for a configuration that does not fit.
 */
export function openMetric(name: string, config?: unknown): Metric {
  const definition = byName.get(name);
  if (definition) return definition.open(config);
  const names = [...byName.keys()];
  throw new UsageError(
    `found metric "${name}", expected one of ${names.join(", ")}${suggestion(name, names)}`,
  );
}

export type { BinAxis } from "./axis.ts";
export { jensenShannon } from "./distribution.ts";
export type { Invariance, Metric, MetricDefinition } from "./metric.ts";
export { earthMovers } from "./values.ts";
