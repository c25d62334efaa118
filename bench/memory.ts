/**
 * @file Whether memory stays flat: thousands of training steps of a small model, in this thread and in a session's own.
 *
 *     node --expose-gc --import tsx bench/memory.ts [--steps 10000]
 *
 * The resident set is read after garbage was collected, every tenth of the way.
 */
import { parseArgs } from "node:util";
import { reshape } from "../src/graph/operators/index.ts";
import { input } from "../src/graph/tensor.ts";
import { initialParameters, openModel } from "../src/models/index.ts";
import { crossEntropy, weightedMean } from "../src/nn/index.ts";
import { openOptimiser } from "../src/optim/index.ts";
import { createNodeRuntime, openDirect } from "../src/platform/node/index.ts";
import type { Runtime } from "../src/runtime/session.ts";
import { beginTraining, openGradients, trainStep } from "../src/training/index.ts";
import { createRandom } from "../src/util/random.ts";
import { describeMachine } from "./machine.ts";

const { values } = parseArgs({ options: { steps: { type: "string", default: "10000" } } });
const total = Number(values.steps);
const [rows, window, vocabularySize] = [4, 16, 32];
const count = rows * window;

async function watch(runtime: Runtime): Promise<readonly number[]> {
  const model = openModel("lstm", { vocabularySize, layers: 1, hiddenSize: 32 });
  const { logits } = model.forward({ tokens: input("tokens", "int32", [rows, window]) });
  const losses = crossEntropy(reshape(logits, [count, vocabularySize]), input("targets", "int32", [count]));
  const loss = weightedMean(losses, input("weights", "float32", [count]));
  const gradients = await openGradients(runtime, loss, model.tensors, { threads: 1 });
  const optimiser = openOptimiser("adamw");
  const random = createRandom(1);
  const draw = () => Int32Array.from({ length: count }, () => random.integer(vocabularySize));
  let state = beginTraining(initialParameters(model, 1), optimiser);
  const resident: number[] = [];
  for (let step = 0; step <= total; step++) {
    if (step % (total / 10) === 0) {
      globalThis.gc?.();
      resident.push(Math.round(process.memoryUsage().rss / 1e6));
    }
    const feeds = {
      tokens: { type: "int32", shape: [rows, window], data: draw() },
      targets: { type: "int32", shape: [count], data: draw() },
      weights: { type: "float32", shape: [count], data: new Float32Array(count).fill(1) },
    } as const;
    ({ state } = await trainStep(gradients, optimiser, state, [{ feeds, weight: count }], {
      learningRate: 1e-3,
    }));
  }
  await gradients.dispose();
  return resident;
}

console.log(`${describeMachine()}\n`);
console.log(`| resident set in MB, every ${total / 10} steps |\n|---|`);
const node = createNodeRuntime();
const direct: Runtime = { name: "in this thread", providers: node.providers, open: openDirect };
for (const runtime of [direct, node]) {
  console.log(`| ${runtime.name}: ${(await watch(runtime)).join(", ")} |`);
}
