/** @file What a training works with, opened: trainer, validator, schedule, and a way to close them all. */
import type { Conditioning } from "../../controls/index.ts";
import type { Corpus } from "../../corpus/index.ts";
import type { Model } from "../../models/index.ts";
import { type Optimiser, openOptimiser, openSchedule, type Schedule, schedules } from "../../optim/index.ts";
import type { Platform } from "../../platform/platform.ts";
import type { SessionOptions } from "../../runtime/session.ts";
import { createOrthogonaliser, openTrainer, type Trainer } from "../../training/index.ts";
import type { Configuration } from "./configuration.ts";
import { openValidator, type Validator } from "./validate.ts";

export interface Setup {
  /** What the model is told beside the tokens. */
  readonly conditioning: Conditioning;
  readonly optimiser: Optimiser;
  readonly trainer: Trainer;
  readonly validator: Validator;
  dispose(): Promise<void>;
}

/** @throws RuntimeError as runtimes do; UsageError and ConfigError for what the configuration names */
export async function openSetup(
  { runtime }: Platform,
  model: Model,
  conditioning: Conditioning,
  corpus: Corpus,
  configuration: Configuration,
  options: SessionOptions,
): Promise<Setup> {
  // Threads that wait busily for the next run would take the time of what is done between runs.
  const session: SessionOptions = { spinning: "within runs", ...options };
  const { training, optimiser: wanted } = configuration;
  const orthogonaliser = createOrthogonaliser(runtime, session);
  const optimiser = openOptimiser(wanted.name, wanted.config, orthogonaliser);
  const trainer = await openTrainer(runtime, model, optimiser, {
    ...session,
    ...sharedOut(training.accumulate, session.threads),
    rows: training.batchSize,
    steps: training.window,
    carries: training.carry,
    clipNorm: training.clipNorm,
    averageDecay: training.averageDecay === 0 ? undefined : training.averageDecay,
    seed: training.seed,
  });
  const validator = await openValidator(runtime, model, conditioning, corpus, configuration, session);
  return {
    conditioning,
    optimiser,
    trainer,
    validator,
    async dispose() {
      await Promise.all([trainer.dispose(), validator.dispose(), orthogonaliser.dispose()]);
    },
  };
}

/**
 * Batches of one update are learnt from side by side, each by a session with its share of the threads: products wait for one
 * another less than threads within a product do.
 */
function sharedOut(batches: number, threads = 1): { readonly workers: number; readonly threads: number } {
  const workers = Math.min(batches, threads);
  return { workers, threads: Math.floor(threads / workers) };
}

const hasProperty = (name: string, property: string) => {
  const known: Readonly<Record<string, { readonly schema: Readonly<Record<string, unknown>> }>> = schedules;
  const { properties } = known[name]?.schema ?? {};
  return typeof properties === "object" && properties !== null && Object.hasOwn(properties, property);
};

/** The schedule of a configuration, over `length` steps of its own; options that are given explicitly win. */
export function scheduleOf({ schedule, training }: Configuration, length: number, state?: unknown): Schedule {
  const { name, config } = schedule;
  const filled = {
    ...(hasProperty(name, "learningRate") && { learningRate: training.learningRate }),
    ...(hasProperty(name, "steps") && { steps: length }),
    ...(hasProperty(name, "warmUpSteps") && { warmUpSteps: Math.round(training.warmUp * length) }),
    ...config,
  };
  return state === undefined ? openSchedule(name, filled) : openSchedule(name, filled, state);
}
