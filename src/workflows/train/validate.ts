/** @file Validation: the same windows every time, without dropout and without variations, spread over the split. */

import type { Conditioning } from "../../controls/index.ts";
import { type Batch, type Corpus, createBatches } from "../../corpus/index.ts";
import { addLikelihoods, type Likelihood, openLikelihood } from "../../evaluation/index.ts";
import type { Model } from "../../models/index.ts";
import type { Runtime, SessionOptions } from "../../runtime/session.ts";
import type { Parameters } from "../../util/parameters.ts";
import type { Configuration } from "./configuration.ts";

export interface Validator {
  /** @returns the loss in nats per event, and the share that was foretold */
  run(
    parameters: Parameters,
  ): Promise<{ readonly loss: number; readonly accuracy: number; readonly events: number }>;
  dispose(): Promise<void>;
}

/** Batches are read once and kept: at most `validation.events` of them. */
export async function openValidator(
  runtime: Runtime,
  model: Model,
  conditioning: Conditioning,
  corpus: Corpus,
  { training, validation }: Configuration,
  session: SessionOptions,
): Promise<Validator> {
  const steps = validation.window ?? training.window;
  const batches = await chooseBatches(corpus, conditioning, training.batchSize, steps, validation.events);
  const likelihood = await openLikelihood(runtime, model, { rows: training.batchSize, steps, ...session });
  return {
    async run(parameters) {
      let sum: Likelihood = { events: 0, nats: 0, correct: 0 };
      for (const batch of batches) sum = addLikelihoods(sum, await likelihood.run(parameters, batch));
      return { loss: sum.nats / sum.events, accuracy: sum.correct / sum.events, events: sum.events };
    },
    dispose: () => likelihood.dispose(),
  };
}

/** Every so manieth batch of the split, so that no more than `events` are looked at. */
async function chooseBatches(
  corpus: Corpus,
  conditioning: Conditioning,
  rows: number,
  steps: number,
  events: number,
): Promise<readonly Batch[]> {
  const total = corpus.index.totals.validation?.steps ?? 0;
  const stride = Math.max(1, Math.ceil(total / events));
  const chosen: Batch[] = [];
  let index = 0;
  const controls = conditioning.size > 0 ? [conditioning] : [];
  const options = { split: "validation", rows, steps, order: "fixed", seed: 0, controls } as const;
  for await (const batch of createBatches(corpus, options)) {
    // From the middle of each stretch: a first batch alone would be the beginning of one piece.
    if (index++ % stride === stride >> 1 || total <= events) chosen.push(batch);
  }
  if (chosen.length > 0) return chosen;
  for await (const batch of createBatches(corpus, options)) return [batch];
  return [];
}
