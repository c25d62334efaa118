/** @file What a model and a training take: parameters and memory. */
import type { Model } from "../../models/index.ts";
import type { Configuration } from "./configuration.ts";

/** How many numbers the parameters of a model are. */
export function countShapes({ parameters }: Model): number {
  return Object.values(parameters).reduce(
    (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
    0,
  );
}

/**
 * Bytes that a training holds at the most, roughly: parameters, gradients, moments and the average; and for each
 * prediction of a batch the activations that its gradient needs.
 */
export function estimateMemory(model: Model, { training }: Configuration): number {
  const parameters = countShapes(model);
  const { layers, features, hiddenSize } = model.config;
  const width = Number(features ?? hiddenSize ?? 256);
  // Measured: about 24 numbers of the model's width per layer and prediction, and four of the vocabulary's.
  const perPrediction = 24 * width * Number(layers ?? 1) + 4 * model.vocabularySize;
  return 4 * (6 * parameters + training.batchSize * training.window * perPrediction) + 150e6;
}
