/** @file Every model in a size that the interpreter can run, with and without controls. */
import { type Model, models } from "../../src/models/index.ts";
import type { ModelCase } from "./models.ts";

const recurrent = { vocabularySize: 7, layers: 2, hiddenSize: 8 };
const factored = { ...recurrent, vocabularySize: 9, fields: [3, 2, 4] };
const circular = {
  ...recurrent,
  circles: [
    { tokens: 4, periods: [4, 3] },
    { tokens: 3, periods: [] },
  ],
};
/** 128 pitches, and times of up to eight units. */
const tune = { vocabularySize: 128 + 2 * 9, hiddenSize: 8, components: 3 };
const local = { vocabularySize: 7, layers: 2, features: 8, heads: 2, hiddenSize: 12 };
const attentive = { ...local, context: 16 };
/** Heads of eight: in narrower ones products are so near to zero that float32 says little of what normalises them. */
const linear = { ...local, features: 16, attention: "linear" };

export const modelCases: readonly ModelCase[] = [
  { definition: models.lstm, config: recurrent },
  { definition: models.lstm, config: { ...recurrent, controls: 3 } },
  { definition: models.lstm, config: { ...recurrent, embedding: 5, controls: 3 } },
  { definition: models.gru, config: recurrent },
  { definition: models.gru, config: { ...recurrent, embedding: 5 } },
  { definition: models.gru, config: { ...recurrent, controls: 3 } },
  { definition: models.lstm, config: { ...circular, controls: 3 } },
  { definition: models.lstm, config: factored },
  { definition: models.gru, config: { ...factored, embedding: 5, controls: 3 } },
  { definition: models.melody, config: tune },
  { definition: models.melody, config: { ...tune, relative: 2 } },
  { definition: models.melody, config: { ...tune, controls: 2, time: "mse" } },
  { definition: models.transformer, config: attentive },
  {
    definition: models.transformer,
    config: { ...attentive, controls: 3, queryKeyNorm: false, tiedEmbedding: true },
  },
  { definition: models.transformer, config: { ...local, reach: 3 }, steps: 8 },
  {
    definition: models.transformer,
    config: { ...local, reach: 2, controls: 3, controlsInto: "blocks" },
    steps: 7,
  },
  { definition: models.transformer, config: { ...attentive, positions: "relative", controls: 3 } },
  { definition: models.transformer, config: { ...local, reach: 3, positions: "relative" }, steps: 8 },
  { definition: models.transformer, config: linear },
  { definition: models.transformer, config: { ...linear, controls: 3, queryKeyNorm: false } },
];

/** How many numbers a model's parameters are. */
export function countShapes({ parameters }: Model): number {
  return Object.values(parameters).reduce(
    (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
    0,
  );
}
