/**
 * @file A trainer of next tokens: what it knows is a value, and a step makes a new one of it. Batches, schedules, clocks
 * and files are its caller's.
 */
import type { Batch } from "../corpus/index.ts";
import type { Model } from "../models/index.ts";
import { type Average, type Optimiser, type OptimiserState, openWeightAverage } from "../optim/index.ts";
import type { Runtime, SessionOptions } from "../runtime/session.ts";
import { invariant } from "../util/errors.ts";
import type { Parameters } from "../util/parameters.ts";
import { createRandom } from "../util/random.ts";
import { openGradients } from "./gradients.ts";
import { type Carried, carriedFrom, nextTokenObjective, nothingCarried } from "./objective.ts";
import { trainStep } from "./step.ts";

export interface TrainerOptions extends SessionOptions {
  /** Sessions that learn from the batches of a step at the same time, each with `threads` threads. 1 unless given. */
  readonly workers?: number;
  /** Rows of each batch, and predictions of each window. */
  readonly rows: number;
  readonly steps: number;
  /** Whether windows go on from the state in which those before them ended: of recurrent models, in the order "carried". */
  readonly carries: boolean;
  /** Gradients longer than this are shortened to it. */
  readonly clipNorm: number;
  /** Decay of the average of weights; none is kept where this is undefined. */
  readonly averageDecay: number | undefined;
  /** Of dropout. */
  readonly seed: number;
}

/** All that a training goes on from. It owns its arrays: a step overwrites them. */
export interface Learner {
  readonly parameters: Parameters;
  readonly optimiser: OptimiserState;
  /** Of the weights; it predicts better than they do, as a rule. */
  readonly average: Average | undefined;
  /** What the rows of the next batch go on from. */
  readonly carried: Carried;
}

export interface TrainerStep {
  readonly learner: Learner;
  /** Mean over the step's predictions, in nats, before the update. */
  readonly loss: number;
  /** Predictions that were learnt from. */
  readonly tokens: number;
  /** Global norm before clipping. */
  readonly gradientNorm: number;
  /** Before clipping; valid until the next step. */
  readonly gradients: Parameters;
}

export interface Trainer {
  begin(parameters: Parameters): Learner;
  /**
   * One update from one or more batches, whose gradients are averaged over everything that counts. The learner that is
   * given is used up, unless the step fails: then it is as it was.
   *
   * @throws NonFiniteLossError, with the number of the step and where the NaN begins
   */
  step(learner: Learner, batches: readonly Batch[], learningRate: number): Promise<TrainerStep>;
  dispose(): Promise<void>;
}

/**
 * @throws UsageError for a model whose state cannot be carried, where it should be
 * @throws RuntimeError for an absent provider, or one that has been caught with wrong gradients
 */
export async function openTrainer(
  runtime: Runtime,
  model: Model,
  optimiser: Optimiser,
  { rows, steps, carries, clipNorm, averageDecay, seed, ...session }: TrainerOptions,
): Promise<Trainer> {
  const { dropout = 0 } = model.config;
  const drops = Number(dropout) > 0;
  const objective = nextTokenObjective(model, { rows, steps, carries, dropout: drops });
  const gradients = await openGradients(runtime, objective.loss, model.tensors, {
    ...session,
    outputs: objective.outputs,
  });
  const averaging = averageDecay === undefined ? undefined : openWeightAverage({ decay: averageDecay });
  const random = createRandom(seed).fork("dropout");
  return {
    begin: (parameters) => ({
      parameters,
      optimiser: optimiser.init(parameters),
      average: averaging?.init(parameters),
      carried: carries ? nothingCarried(model, rows) : {},
    }),
    async step(learner, batches, learningRate) {
      const { step } = learner.optimiser;
      const before = { parameters: learner.parameters, optimiser: learner.optimiser };
      invariant(!carries || batches.length === 1, "where state is carried, a step has one batch");
      const micro = batches.map((batch, i) =>
        objective.batch(batch, learner.carried, random.fork(`${step}.${i}`).integer(2 ** 31)),
      );
      const result = await trainStep(gradients, optimiser, before, micro, { learningRate, clipNorm });
      const { parameters, optimiser: after } = result.state;
      const [outputs] = result.outputs;
      return {
        learner: {
          parameters,
          optimiser: after,
          average: learner.average && averaging?.update(learner.average, parameters, { donate: true }),
          carried: carries ? carriedFrom(outputs) : learner.carried,
        },
        loss: result.loss,
        tokens: micro.reduce((sum, { weight }) => sum + weight, 0),
        gradientNorm: result.gradientNorm,
        gradients: result.gradients,
      };
    },
    dispose: () => gradients.dispose(),
  };
}
