/** @file One step of training: gradients, clipped, and the update that follows from them. */
import {
  type Clipping,
  clipByGlobalNorm,
  NonFiniteGradientError,
  type Optimiser,
  type OptimiserState,
} from "../optim/index.ts";
import type { NamedTensors } from "../runtime/session.ts";
import type { Parameters } from "../util/parameters.ts";
import type { Gradients, MicroBatch } from "./gradients.ts";

/** What a step goes on from. It owns its arrays: a step overwrites them. */
export interface TrainingState {
  readonly parameters: Parameters;
  readonly optimiser: OptimiserState;
}

export interface StepOptions {
  readonly learningRate: number;
  /** Gradients longer than this are shortened to it; Infinity, unless given, clips nothing. */
  readonly clipNorm?: number;
}

export interface StepResult {
  readonly state: TrainingState;
  /** The mean over the step's batches; so are the metrics. */
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** What else the gradients were opened with, of each micro-batch in its place. */
  readonly outputs: readonly NamedTensors[];
  /** Global norm of the gradients, before clipping. */
  readonly gradientNorm: number;
  /** Before clipping; valid until the next step. */
  readonly gradients: Parameters;
}

export function beginTraining(parameters: Parameters, optimiser: Optimiser): TrainingState {
  return { parameters, optimiser: optimiser.init(parameters) };
}

/**
 * One step over micro-batches. The state that is given is used up, unless the step fails: then it is as it was.
 *
 * @throws NonFiniteLossError, with the number of the step and where the NaN begins
 */
export async function trainStep(
  gradients: Gradients,
  optimiser: Optimiser,
  state: TrainingState,
  batches: readonly MicroBatch[],
  { learningRate, clipNorm = Number.POSITIVE_INFINITY }: StepOptions,
): Promise<StepResult> {
  const step = state.optimiser.step + 1;
  const found = await gradients.run(state.parameters, batches, step);
  let clipping: Clipping;
  try {
    clipping = clipByGlobalNorm(found.gradients, clipNorm);
  } catch (error) {
    if (!(error instanceof NonFiniteGradientError)) throw error;
    const what = `the gradient of "${error.parameter}" is not finite`;
    throw await gradients.explain(state.parameters, batches, step, what);
  }
  const updated = await optimiser.update({
    parameters: state.parameters,
    gradients: found.gradients,
    state: state.optimiser,
    learningRate,
    gradientScale: clipping.scale,
    donate: true,
  });
  return {
    state: { parameters: updated.parameters, optimiser: updated.state },
    loss: found.loss,
    metrics: found.metrics,
    outputs: found.outputs,
    gradients: found.gradients,
    gradientNorm: clipping.norm,
  };
}
