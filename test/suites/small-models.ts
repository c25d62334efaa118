/** @file Models small enough to step through in a test, with parameters that are not at rest. */
import { initialParameters, type Model } from "../../src/models/index.ts";
import type { NamedArray, Parameters } from "../../src/util/parameters.ts";
import { createRandom } from "../../src/util/random.ts";

export const vocabularySize = 7;

/** A configuration for each model; the transformer's context is longer than what a cache grows by. */
export const smallModels = [
  ["lstm", { vocabularySize, layers: 2, hiddenSize: 8 }],
  ["lstm", { vocabularySize, layers: 1, hiddenSize: 8, controls: 3 }],
  ["gru", { vocabularySize, layers: 2, hiddenSize: 8 }],
  ["gru", { vocabularySize, layers: 1, hiddenSize: 8, controls: 3 }],
  ["transformer", { vocabularySize, layers: 2, features: 8, heads: 2, hiddenSize: 12, context: 160 }],
  [
    "transformer",
    {
      vocabularySize,
      layers: 1,
      features: 8,
      heads: 2,
      hiddenSize: 12,
      context: 160,
      controls: 3,
      tiedEmbedding: true,
    },
  ],
  // Shorter than six steps, which is what files are tried with.
  ["transformer", { vocabularySize, layers: 2, features: 8, heads: 2, hiddenSize: 12, reach: 4 }],
  [
    "transformer",
    {
      vocabularySize,
      layers: 2,
      features: 8,
      heads: 2,
      hiddenSize: 12,
      context: 160,
      positions: "relative",
      controls: 2,
      controlsInto: "blocks",
    },
  ],
  [
    "transformer",
    { vocabularySize, layers: 1, features: 8, heads: 2, hiddenSize: 12, reach: 4, positions: "relative" },
  ],
  // Of wide heads: in narrow ones products are near to zero more often, and bytes say little of what normalises them.
  ["transformer", { vocabularySize, layers: 1, features: 32, heads: 2, hiddenSize: 12, attention: "linear" }],
] as const;

/** Parameters that are not at rest: a bias of zero has hidden many a mistake. */
export function livelyParameters(model: Model): Parameters {
  const random = createRandom("lively");
  return Object.fromEntries(
    Object.entries(initialParameters(model, 1)).map(([name, { shape, data }]): [string, NamedArray] => [
      name,
      { shape, data: data.map((value) => value + 0.3 * (random.next() - 0.5)) },
    ]),
  );
}

/** Tokens `[count]`. */
export function drawTokens(count: number, seed: string): Int32Array {
  const random = createRandom(seed);
  return Int32Array.from({ length: count }, () => random.integer(vocabularySize));
}
