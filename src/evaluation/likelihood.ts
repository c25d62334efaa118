/** @file The likelihood of batches under changing parameters: what training validates with. */
import type { Batch } from "../corpus/index.ts";
import type { Model } from "../models/index.ts";
import type { Runtime } from "../runtime/session.ts";
import type { Parameters } from "../util/parameters.ts";
import { openPredictor, type PredictionOptions } from "./predictions.ts";

/** Sums over predictions, so that they can be added up. */
export interface Likelihood {
  /** How many were predicted. */
  readonly events: number;
  /** The sum of −log p. */
  readonly nats: number;
  /** How often the likeliest event came. */
  readonly correct: number;
}

export interface OpenedLikelihood {
  /** Of what the mask lets count. Without dropout; the parameters are read, never kept. */
  run(parameters: Parameters, batch: Batch): Promise<Likelihood>;
  dispose(): Promise<void>;
}

/**
 * Opens a model once, to be run often. Every batch has the given `rows` and `steps`.
 *
 * @throws ShapeError where a window is longer than the model's context
 * @throws RuntimeError as runtimes do
 */
export async function openLikelihood(
  runtime: Runtime,
  model: Model,
  options: Omit<PredictionOptions, "parameters">,
): Promise<OpenedLikelihood> {
  const predictor = await openPredictor(runtime, model, options);
  return {
    async run(parameters, batch) {
      const { nats, correct } = await predictor.run(batch, parameters);
      const sums = { events: 0, nats: 0, correct: 0 };
      for (let i = 0; i < nats.length; i++) {
        if (batch.mask[i] === 0) continue;
        sums.events++;
        sums.nats += nats[i];
        sums.correct += correct[i];
      }
      return sums;
    },
    dispose: predictor.dispose,
  };
}

/** Two likelihoods as one. */
export function addLikelihoods(a: Likelihood, b: Likelihood): Likelihood {
  return { events: a.events + b.events, nats: a.nats + b.nats, correct: a.correct + b.correct };
}
