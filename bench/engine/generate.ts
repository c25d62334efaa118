/**
 * @file One generation, measured in a process of its own. As the peer's: an LSTM of 3 × 512, or a Transformer of 6 × 512
 * whose cache grows from empty to 512 (128 in batches).
 *
 *     npx tsx bench/engine/generate.ts '{"model":"lstm","precision":"int8","batch":1,"stepsPerCall":8,"threads":2,"repeats":4}'
 */
import { z } from "zod";
import { openSampler, openStepper } from "../../src/generation/index.ts";
import { initialParameters, openModel } from "../../src/models/index.ts";
import { openDirect } from "../../src/platform/node/onnxruntime/direct.ts";
import { createNodeRuntime } from "../../src/platform/node/onnxruntime/runtime.ts";
import { createRandom, type Random } from "../../src/util/random.ts";

const vocabularySize = 388;
const task = z
  .object({
    model: z.enum(["lstm", "gru", "transformer"]),
    precision: z.enum(["float32", "int8"]),
    batch: z.int(),
    /** 1: a call for each token, which is drawn outside. */
    stepsPerCall: z.int(),
    threads: z.int(),
    repeats: z.int(),
  })
  .parse(JSON.parse(process.argv[2] ?? "{}"));

const { batch, stepsPerCall } = task;
const isTransformer = task.model === "transformer";
const model = openModel(task.model, {
  vocabularySize,
  ...(isTransformer ? { context: 1024, queryKeyNorm: false } : {}),
});
const node = createNodeRuntime();
const runtime = { name: node.name, providers: node.providers, open: openDirect };
const parameters = initialParameters(model, 1);
const random = createRandom(1);
const steps = isTransformer ? (batch === 1 ? 512 : 128) : batch === 1 ? 320 : 128;

/** One draw per row, by inversion. */
function draw(logits: Float32Array, tokens: Int32Array, from: Random): void {
  const weights = new Float64Array(vocabularySize);
  for (let row = 0; row < batch; row++) {
    const own = logits.subarray(row * vocabularySize, (row + 1) * vocabularySize);
    let largest = own[0];
    for (const value of own) largest = Math.max(largest, value);
    let sum = 0;
    for (let i = 0; i < vocabularySize; i++) sum += weights[i] = Math.exp(own[i] - largest);
    let rest = from.next() * sum;
    let token = 0;
    while (token < vocabularySize - 1 && rest >= weights[token]) rest -= weights[token++];
    tokens[row] = token;
  }
}

async function openRun(): Promise<{ run(): Promise<void>; dispose(): Promise<void> }> {
  let tokens = new Int32Array(batch);
  if (stepsPerCall > 1) {
    const sampler = await openSampler(runtime, model, parameters, task);
    return {
      async run() {
        sampler.reset();
        for (let i = 0; i < steps; i += stepsPerCall) {
          const drawn = await sampler.next(tokens, random);
          tokens = drawn.slice(-batch);
        }
      },
      dispose: sampler.dispose,
    };
  }
  const stepper = await openStepper(runtime, model, parameters, task);
  return {
    async run() {
      stepper.reset();
      for (let i = 0; i < steps; i++) draw(await stepper.next(tokens), tokens, random);
    },
    dispose: stepper.dispose,
  };
}

const { run, dispose } = await openRun();
const times: number[] = [];
for (let i = 0; i <= task.repeats; i++) {
  const begin = performance.now();
  await run();
  if (i > 0) times.push((performance.now() - begin) / 1000);
}
await dispose();
process.stdout.write(
  JSON.stringify({
    tokens: steps * batch,
    times,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1000),
  }),
);
