/**
 * @file One training, measured in a process of its own: times of its steps, and the most memory it has held.
 *
 *     npx tsx bench/engine/train.ts '{"model":"lstm","micro":64,"parts":1,"window":200,"workers":1,"threads":2,"repeats":4}'
 *     npx tsx bench/engine/train.ts '{"model":"transformer","config":{"features":256,"heads":4},"optimiser":"muon","micro":4,"parts":2,"window":512,"workers":1,"threads":2,"repeats":8}'
 */

import { z } from "zod";
import { reshape } from "../../src/graph/index.ts";
import { input } from "../../src/graph/tensor.ts";
import { initialParameters, openModel } from "../../src/models/index.ts";
import { crossEntropy, weightedMean } from "../../src/nn/index.ts";
import { openOptimiser } from "../../src/optim/index.ts";
import { openDirect } from "../../src/platform/node/onnxruntime/direct.ts";
import { createNodeRuntime } from "../../src/platform/node/onnxruntime/runtime.ts";
import type { Runtime } from "../../src/runtime/session.ts";
import {
  beginTraining,
  createOrthogonaliser,
  type MicroBatch,
  openGradients,
  trainStep,
} from "../../src/training/index.ts";
import { createRandom } from "../../src/util/random.ts";

const vocabularySize = 388;
const task = z
  .object({
    model: z.enum(["lstm", "gru", "transformer"]),
    /** Sequences of a micro-batch, and how many of those a step has. */
    micro: z.int(),
    parts: z.int(),
    window: z.int(),
    workers: z.int(),
    threads: z.int(),
    repeats: z.int(),
    spinning: z.enum(["always", "within runs", "never"]).default("always"),
    /** Whether gradients are clipped and applied, or only computed. */
    update: z.boolean().default(true),
    /** Of the model, beside its defaults. */
    config: z.record(z.string(), z.unknown()).default({}),
    /** AdamW for Transformers and Adam for the others, unless given. */
    optimiser: z.string().optional(),
  })
  .parse(JSON.parse(process.argv[2] ?? "{}"));

const { micro, window } = task;
const isTransformer = task.model === "transformer";
/** With a reach, and with linear attention, windows have any length. */
const { reach, attention } = task.config;
const isEndless = reach !== undefined || attention === "linear";
const model = openModel(task.model, {
  vocabularySize,
  // As the peer: it does not normalise queries and keys.
  ...(isTransformer ? { queryKeyNorm: false, ...(isEndless ? {} : { context: window }) } : {}),
  ...task.config,
});
const random = createRandom(1);
const rows = micro * window;
const { logits } = model.forward({ tokens: input("tokens", "int32", [micro, window]) });
const loss = weightedMean(
  crossEntropy(reshape(logits, [rows, vocabularySize]), input("targets", "int32", [rows])),
  input("weights", "float32", [rows]),
);

// One session runs in this thread, as training does inside a worker; several need threads of their own.
const node = createNodeRuntime();
const runtime: Runtime =
  task.workers > 1 ? node : { name: node.name, providers: node.providers, open: openDirect };
const gradients = await openGradients(runtime, loss, model.tensors, task);
const orthogonaliser = createOrthogonaliser(runtime, task);
const optimiser = openOptimiser(task.optimiser ?? (isTransformer ? "adamw" : "adam"), {}, orthogonaliser);
let state = beginTraining(initialParameters(model, 1), optimiser);

const draw = (count: number) => Int32Array.from({ length: count }, () => random.integer(vocabularySize));
const batches = Array.from(
  { length: task.parts },
  (): MicroBatch => ({
    feeds: {
      tokens: { type: "int32", shape: [micro, window], data: draw(rows) },
      targets: { type: "int32", shape: [rows], data: draw(rows) },
      weights: { type: "float32", shape: [rows], data: new Float32Array(rows).fill(1) },
    },
    weight: rows,
  }),
);

const times: number[] = [];
/** Seconds of the processor, over all threads: what others do to the machine changes them less. */
const work: number[] = [];
let last = 0;
for (let i = 0; i <= task.repeats; i++) {
  const begin = performance.now();
  const before = process.cpuUsage();
  if (task.update) {
    const result = await trainStep(gradients, optimiser, state, batches, { learningRate: 1e-3, clipNorm: 1 });
    ({ state } = result);
    last = result.loss;
  } else {
    last = (await gradients.run(state.parameters, batches, i)).loss;
  }
  // The first step pays for what is made ready once.
  if (i === 0) continue;
  times.push((performance.now() - begin) / 1000);
  const { user, system } = process.cpuUsage(before);
  work.push((user + system) / 1e6);
}
await gradients.dispose();
await orthogonaliser.dispose();
const tokens = rows * task.parts;
process.stdout.write(
  JSON.stringify({
    tokens,
    times,
    work,
    loss: last,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1000),
  }),
);
