/**
 * @file The exponential moving average of weights, which often predicts better than the weights of any one step.
 *
 * Sources: Polyak & Juditsky, "Acceleration of stochastic approximation by averaging" (1992); the warm-up of the decay
 * is that of TensorFlow's `ExponentialMovingAverage` with `num_updates`.
 */
import { z } from "zod";
import { readConfiguration } from "../util/configuration.ts";
import type { Parameters } from "../util/parameters.ts";
import { approach, checkArrays, copyArrays } from "./arrays.ts";

const schema = z.object({
  decay: z.number().min(0).lt(1).default(0.999).describe("share of the average that stays at each update"),
  warmUp: z
    .boolean()
    .default(true)
    .describe("lower decay at first, min(decay, (1 + n) / (10 + n)) at update n, to forget the random start"),
});

/** A plain value, for checkpoints to hold. */
export interface Average {
  /** Updates made so far. */
  readonly updates: number;
  readonly parameters: Parameters;
}

/** A pure pair like an optimiser. */
export interface WeightAverage {
  /** The configuration, with all defaults filled in: what `openWeightAverage` needs to make the same again. */
  readonly config: Readonly<z.output<typeof schema>>;
  /** The weights as they are, copied. */
  init(parameters: Parameters): Average;
  /**
   * average ← decay · average + (1 − decay) · parameters.
   *
   * @param options.donate gives the arrays of the average away: they are overwritten and come back.
   * @throws ParameterMismatchError where the average is not one of these parameters.
   */
  update(average: Average, parameters: Parameters, options?: { readonly donate?: boolean }): Average;
}

/** @throws ConfigError for a configuration that does not fit. */
export function openWeightAverage(json: unknown = {}): WeightAverage {
  const config = readConfiguration(schema, json, "average of weights");
  const decayAt = (n: number) => (config.warmUp ? Math.min(config.decay, (1 + n) / (10 + n)) : config.decay);
  return {
    config,
    init: (parameters) => ({ updates: 0, parameters: copyArrays(parameters) }),
    update({ updates, parameters: average }, parameters, { donate = false } = {}) {
      checkArrays(parameters, average, "average");
      const moved = donate ? average : copyArrays(average);
      const share = 1 - decayAt(updates);
      for (const [name, { data }] of Object.entries(moved)) approach(data, parameters[name].data, share);
      return { updates: updates + 1, parameters: moved };
    },
  };
}
