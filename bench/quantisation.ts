/**
 * @file What int8 costs: the loss of a trained model on held-out music, with weights in float32 and in int8.
 *
 *     npx rubato prepare maestro-v3.0.0 --out /tmp/corpus
 *     npx tsx bench/quantisation.ts /tmp/corpus [--model lstm] [--minutes 6]
 *
 * Trains from the beginning, for there is nothing to be learnt about quantisation from random weights.
 */
import { parseArgs } from "node:util";
import { type Batch, createBatches, openCorpus } from "../src/corpus/index.ts";
import { openStepper } from "../src/generation/index.ts";
import { reshape } from "../src/graph/operators/index.ts";
import { input } from "../src/graph/tensor.ts";
import { initialParameters, openModel, type Precision } from "../src/models/index.ts";
import { crossEntropy, weightedMean } from "../src/nn/index.ts";
import { openOptimiser } from "../src/optim/index.ts";
import { nodePlatform, openDirect } from "../src/platform/node/index.ts";
import type { Runtime } from "../src/runtime/session.ts";
import { beginTraining, openGradients, trainStep } from "../src/training/index.ts";
import type { Parameters } from "../src/util/parameters.ts";
import { describeMachine } from "./machine.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { model: { type: "string", default: "lstm" }, minutes: { type: "string", default: "6" } },
});
const [folder] = positionals;
if (folder === undefined) throw new Error("give the folder of a prepared corpus");
const corpus = await openCorpus(nodePlatform().store, folder);
const runtime: Runtime = { name: "direct", providers: ["cpu"], open: openDirect };

const { vocabularySize } = corpus.representation;
const [rows, steps] = values.model === "transformer" ? [8, 256] : [64, 128];
const model = openModel(
  values.model,
  values.model === "transformer"
    ? { vocabularySize, features: 256, layers: 6, heads: 8, context: 512 }
    : { vocabularySize, hiddenSize: 512, layers: 2 },
);

async function train(seconds: number): Promise<{ readonly parameters: Parameters; readonly steps: number }> {
  const count = rows * steps;
  const { logits } = model.forward({ tokens: input("tokens", "int32", [rows, steps]) });
  const losses = crossEntropy(reshape(logits, [count, vocabularySize]), input("targets", "int32", [count]));
  const loss = weightedMean(losses, input("weights", "float32", [count]));
  const gradients = await openGradients(runtime, loss, model.tensors, { threads: 2 });
  const optimiser = openOptimiser("adamw");
  let state = beginTraining(initialParameters(model, 1), optimiser);
  const begin = performance.now();
  let last = 0;
  for await (const batch of createBatches(corpus, {
    split: "train",
    rows,
    steps,
    order: "shuffled",
    seed: 1,
  })) {
    const elapsed = (performance.now() - begin) / 1000;
    if (elapsed > seconds) break;
    const weight = batch.mask.reduce((sum, each) => sum + each, 0);
    // Warm-up and cosine over the time there is, for the number of steps is not known beforehand.
    const rate =
      2e-3 *
      Math.min(1, (state.optimiser.step + 1) / 50) *
      0.5 *
      (1 + Math.cos((Math.PI * elapsed) / seconds));
    const result = await trainStep(gradients, optimiser, state, [{ feeds: feedsOf(batch), weight }], {
      learningRate: rate,
      clipNorm: 1,
    });
    ({ state } = result);
    last = result.loss;
    if (state.optimiser.step % 50 === 0) {
      process.stderr.write(`step ${state.optimiser.step}, ${Math.round(elapsed)} s: ${last.toFixed(3)}\n`);
    }
  }
  await gradients.dispose();
  return { parameters: state.parameters, steps: state.optimiser.step };
}

function feedsOf(batch: Batch) {
  const count = batch.rows * batch.steps;
  return {
    tokens: { type: "int32", shape: [batch.rows, batch.steps], data: batch.inputs },
    targets: { type: "int32", shape: [count], data: batch.targets },
    weights: { type: "float32", shape: [count], data: batch.mask },
  } as const;
}

/** Nats per token over windows of the validation split, heard token by token as in generation. */
async function evaluate(
  parameters: Parameters,
  precision: Precision,
  width: number,
  windows: number,
): Promise<number> {
  const stepper = await openStepper(runtime, model, parameters, { batch: width, precision, threads: 2 });
  let sum = 0;
  let count = 0;
  let taken = 0;
  for await (const batch of createBatches(corpus, {
    split: "validation",
    rows: width,
    steps: 256,
    order: "fixed",
    seed: 1,
  })) {
    if (taken++ === windows) break;
    stepper.reset();
    for (let step = 0; step < batch.steps; step++) {
      const at = (row: number) => row * batch.steps + step;
      const logits = await stepper.next(
        Int32Array.from({ length: width }, (_, row) => batch.inputs[at(row)]),
      );
      for (let row = 0; row < width; row++) {
        if (batch.mask[at(row)] === 0) continue;
        sum += surprise(
          logits.subarray(row * vocabularySize, (row + 1) * vocabularySize),
          batch.targets[at(row)],
        );
        count++;
      }
    }
  }
  await stepper.dispose();
  return sum / count;
}

function surprise(logits: Float32Array, target: number): number {
  const largest = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const sum = logits.reduce((total, value) => total + Math.exp(value - largest), 0);
  return Math.log(sum) + largest - logits[target];
}

const seconds = 60 * Number(values.minutes);
console.log(`${describeMachine()}\n`);
const trained = await train(seconds);
console.log(
  `${model.name} ${JSON.stringify(model.config)}, ${trained.steps} steps of ${rows} × ${steps} in ${values.minutes} minutes\n`,
);
console.log("| validation, nats per token | float32 | int8 | difference |");
console.log("|---|--:|--:|--:|");
for (const [width, windows] of [
  [1, 24],
  [16, 6],
] as const) {
  const [plain, bytes] = [
    await evaluate(trained.parameters, "float32", width, windows),
    await evaluate(trained.parameters, "int8", width, windows),
  ];
  console.log(
    `| batch ${width}, ${width * windows} windows of 256 | ${plain.toFixed(4)} | ${bytes.toFixed(4)} | ${(bytes - plain).toFixed(4)} |`,
  );
}
