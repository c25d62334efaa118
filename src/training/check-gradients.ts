/**
 * @file Whether an execution provider may train: gradients of small models, against those of the reference interpreter.
 * Providers have been seen whose losses were right and whose gradients were not.
 */
import { build } from "../graph/build.ts";
import { gradients } from "../graph/gradient.ts";
import { reshape } from "../graph/operators/index.ts";
import { input } from "../graph/tensor.ts";
import { initialParameters, openModel } from "../models/index.ts";
import { crossEntropy, weightedMean } from "../nn/index.ts";
import { gradientOutputs, parameterFeeds } from "../runtime/feeds.ts";
import { createInterpreter } from "../runtime/interpreter.ts";
import { type NamedTensors, type Runtime, RuntimeError, type SessionOptions } from "../runtime/session.ts";
import { createRandom } from "../util/random.ts";

export interface GradientCheck {
  readonly model: string;
  /** Largest difference to the reference, over the loss and all gradients, relative to numbers above 1. */
  readonly worst: number;
  readonly passed: boolean;
}

/** float32 allows about 1e-7 at these sizes; what is wrong is wrong by far more. */
const tolerance = 1e-5;

const batch = 2;
const steps = 6;
const vocabularySize = 11;
const small: readonly (readonly [name: string, config: Readonly<Record<string, unknown>>])[] = [
  ["lstm", { vocabularySize, layers: 2, hiddenSize: 12 }],
  ["gru", { vocabularySize, layers: 2, hiddenSize: 12 }],
  ["transformer", { vocabularySize, layers: 2, features: 16, heads: 2, hiddenSize: 24, context: 8 }],
];

/** @throws RuntimeError where the provider is absent or refuses a model */
export async function checkGradients(
  runtime: Runtime,
  options: SessionOptions = {},
): Promise<readonly GradientCheck[]> {
  const checks: GradientCheck[] = [];
  for (const [model, config] of small) {
    const { program, feeds } = createProblem(model, config);
    const found = await runOnce(runtime, program, feeds, options);
    const expected = await runOnce(createInterpreter(), program, feeds);
    const worst = Math.max(...Object.keys(expected).map((name) => distance(found[name], expected[name])));
    checks.push({ model, worst, passed: worst < tolerance });
  }
  return checks;
}

/** Checks that were made, by runtime and provider: a machine does not change while it runs. */
const verdicts = new WeakMap<Runtime, Map<string, Promise<readonly GradientCheck[]>>>();

/**
 * The door of training: a provider other than the runtime's first has to give the right gradients before it may train.
 *
 * @throws RuntimeError naming the models whose gradients it gets wrong
 */
export async function requireRightGradients(runtime: Runtime, options: SessionOptions = {}): Promise<void> {
  const { provider, optimisation = "all" } = options;
  if (provider === undefined || provider === runtime.providers[0]) return;
  const known = verdicts.get(runtime) ?? new Map<string, Promise<readonly GradientCheck[]>>();
  verdicts.set(runtime, known);
  const key = `${provider} ${optimisation}`;
  const checking = known.get(key) ?? checkGradients(runtime, { provider, optimisation });
  known.set(key, checking);
  // A check that could not be made is made again.
  checking.catch(() => known.delete(key));
  const wrong = (await checking).filter(({ passed }) => !passed).map(({ model }) => model);
  if (wrong.length === 0) return;
  throw new RuntimeError(
    `provider "${provider}" of ${runtime.name} gets the gradients of ${wrong.join(", ")} wrong, expected those of the reference: train with "${runtime.providers[0]}"`,
  );
}

function createProblem(name: string, config: Readonly<Record<string, unknown>>) {
  const random = createRandom(`gradient check ${name}`);
  const model = openModel(name, config);
  const count = batch * steps;
  const { logits } = model.forward({ tokens: input("tokens", "int32", [batch, steps]) });
  const losses = crossEntropy(reshape(logits, [count, vocabularySize]), input("targets", "int32", [count]));
  const loss = weightedMean(losses, input("weights", "float32", [count]));
  const classes = () => Int32Array.from({ length: count }, () => random.integer(vocabularySize));
  const feeds: NamedTensors = {
    ...parameterFeeds(initialParameters(model, 1)),
    tokens: { type: "int32", shape: [batch, steps], data: classes() },
    targets: { type: "int32", shape: [count], data: classes() },
    weights: { type: "float32", shape: [count], data: new Float32Array(count).fill(1) },
  };
  const program = build({ outputs: { loss, ...gradientOutputs(gradients(loss, model.tensors)) } });
  return { program, feeds };
}

async function runOnce(
  runtime: Runtime,
  program: ReturnType<typeof build>,
  feeds: NamedTensors,
  options?: SessionOptions,
): Promise<NamedTensors> {
  const session = await runtime.open(program, options);
  try {
    return await session.run(feeds);
  } finally {
    await session.dispose();
  }
}

/** Largest difference, as a share of the largest number where that is above 1. A NaN is as far away as can be. */
function distance(found: NamedTensors[string], expected: NamedTensors[string]): number {
  let worst = 0;
  let largest = 1;
  for (let i = 0; i < expected.data.length; i++) {
    largest = Math.max(largest, Math.abs(Number(expected.data[i])));
    const difference = Math.abs(Number(found.data[i]) - Number(expected.data[i]));
    worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  return worst / largest;
}
