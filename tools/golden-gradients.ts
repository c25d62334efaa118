/**
 * @file Writes what `golden-gradients.py` needs to compute gradients by itself: models, parameters and one batch.
 *
 *     npx tsx tools/golden-gradients.ts | python3 tools/golden-gradients.py \
 *       | npx biome format --stdin-file-path=gradients.json > test/golden/gradients.json
 */
import { initialParameters, openModel } from "../src/models/index.ts";
import { createRandom } from "../src/util/random.ts";

const batch = 2;
const steps = 5;
const vocabularySize = 5;
const cases = [
  { name: "lstm", config: { vocabularySize, layers: 2, hiddenSize: 4 } },
  { name: "gru", config: { vocabularySize, layers: 2, hiddenSize: 4 } },
  {
    name: "transformer",
    config: { vocabularySize, layers: 2, features: 8, heads: 2, hiddenSize: 12, context: 8 },
  },
  {
    name: "transformer",
    config: {
      vocabularySize,
      layers: 1,
      features: 8,
      heads: 2,
      hiddenSize: 12,
      reach: 3,
      positions: "relative",
    },
  },
  {
    name: "transformer",
    config: { vocabularySize, layers: 1, features: 16, heads: 2, hiddenSize: 12, attention: "linear" },
  },
];

const golden = cases.map(({ name, config }) => {
  const random = createRandom(`golden ${name}`);
  const model = openModel(name, config);
  const parameters = Object.entries(initialParameters(model, 1)).map(([parameter, { shape, data }]) => {
    // Away from rest, where zeros and ones would hide mistakes.
    const values = Array.from(data, (value) =>
      Number(Math.fround(value + 0.4 * (random.next() - 0.5)).toPrecision(7)),
    );
    return [parameter, { shape, values }] as const;
  });
  const draw = () => Array.from({ length: batch * steps }, () => random.integer(vocabularySize));
  return {
    name,
    config: model.config,
    shape: [batch, steps],
    tokens: draw(),
    targets: draw(),
    weights: Array.from({ length: batch * steps }, (_, i) => Number(i % 4 !== 3)),
    parameters: Object.fromEntries(parameters),
  };
});
process.stdout.write(JSON.stringify(golden));
