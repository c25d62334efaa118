/** @file The run of a training: step after step, with a look at the validation split and a checkpoint now and then. */
import type { Corpus } from "../../corpus/index.ts";
import type { Model } from "../../models/index.ts";
import type { Schedule } from "../../optim/index.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Tracker } from "../../tracking/index.ts";
import { type Learner, type Lesson, lessons, type TrainerStep } from "../../training/index.ts";
import type { Parameters } from "../../util/parameters.ts";
import type { Configuration } from "./configuration.ts";
import { lessonOptions } from "./lesson-options.ts";
import { fitted, moved, updatesLeft } from "./pace.ts";
import { createProgress } from "./progress.ts";
import type { Setup } from "./setup.ts";
import type { Standing } from "./state.ts";

/** What a run goes on from, and what it ends with. */
export interface Stage {
  readonly learner: Learner;
  readonly standing: Standing;
  readonly schedule: Schedule;
}

export interface RunOptions {
  readonly platform: Platform;
  readonly model: Model;
  readonly corpus: Corpus;
  readonly configuration: Configuration;
  readonly setup: Setup;
  readonly tracker: Tracker;
  /** Steps of the schedule, all in all. */
  readonly length: number;
  /** Time by which it is to be done, on the platform's clock; undefined where updates are counted. */
  readonly deadline: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Called once, with the seconds of an update, when that can be told. */
  paced(secondsPerUpdate: number): void;
  /** Keeps the state that training goes on from. */
  saveLast(stage: Stage): Promise<void>;
  /** Keeps weights that validated better than all before. */
  saveBest(parameters: Parameters, stage: Stage): Promise<void>;
  /** After a validation, with the weights that were validated. */
  sample(parameters: Parameters, standing: Standing): Promise<void>;
}

/** Validations in a run, where nobody says how many; fewer where they would take more than this share of its time. */
const usualValidations = 20;
const validationShare = 0.1;

/**
 * Trains until the schedule ends, the time is over, validation has not improved for long enough, or the signal aborts.
 * However it ends, the last state has been saved; whatever fails, the one saved before is still there.
 */
export async function runTraining(options: RunOptions, from: Stage): Promise<Stage> {
  const { platform, configuration, setup, tracker, length, deadline, signal } = options;
  const { training, validation, checkpoints } = configuration;
  const { now } = platform;
  const stream = lessons(
    options.corpus,
    lessonOptions(configuration, setup.conditioning),
    from.standing.position,
  );
  const progress = createProgress(platform, length);
  let stage = from;
  let savedAt = now();
  let trackedAt = now();
  let last: TrainerStep | undefined;
  let validatedStep = stage.standing.validations > 0 ? stage.standing.step : -1;

  async function validate(step: TrainerStep): Promise<void> {
    const begin = now();
    const { learner, standing } = stage;
    const parameters = learner.average?.parameters ?? learner.parameters;
    const { loss, accuracy } = await setup.validator.run(parameters);
    const isBest = standing.best === null || loss < standing.best;
    stage = {
      learner,
      schedule: stage.schedule.observe(loss),
      standing: {
        ...standing,
        validations: standing.validations + 1,
        best: isBest ? loss : standing.best,
        waited: isBest ? 0 : standing.waited + 1,
      },
    };
    validatedStep = standing.step;
    lookedAt = standing.pace.at;
    tracker.scalars(standing.step, {
      "validation/loss": loss,
      ...(options.model.outcome.unit === "nats" && { "validation/perplexity": Math.exp(loss) }),
      "validation/accuracy": accuracy,
    });
    tracker.histograms(standing.step, {
      ...arraysOf("weights", learner.parameters),
      ...arraysOf("gradients", step.gradients),
    });
    if (isBest) await options.saveBest(parameters, stage);
    await options.sample(parameters, stage.standing);
    progress.validated(loss, (now() - begin) / 1000);
  }

  const begun = now();
  let lookedAt = from.standing.pace.at;
  /** How far the schedule goes between two validations: with a deadline, no more of them than there is time for. */
  function interval(): number {
    const usual = length / usualValidations;
    if (deadline === undefined) return usual;
    const affordable = (validationShare * (deadline - begun)) / 1000 / progress.secondsPerValidation();
    return Math.max(usual, length / Math.max(1, affordable));
  }

  function isDue({ step, pace, validations }: Standing): boolean {
    if (validation.every !== undefined) return step % validation.every === 0;
    // What is counted goes on alike after an interruption; what is fitted to the time looks at the time.
    if (deadline === undefined) return pace.at >= (validations + 1) * interval();
    return pace.at >= lookedAt + interval();
  }

  const isOver = ({ pace, waited }: Standing): Standing["ended"] => {
    if (updatesLeft(pace, length) === 0 || (deadline !== undefined && now() >= deadline)) return "finished";
    return validation.patience > 0 && waited >= validation.patience ? "stopped early" : null;
  };

  /** With a deadline, the rest of the schedule is spread over the updates that still fit. */
  function refitted(standing: Standing): Standing {
    const seconds = progress.secondsPerStep();
    if (deadline === undefined || seconds === undefined) return standing;
    const validations = Math.max(1, (length - standing.pace.at) / interval());
    const left = (deadline - now()) / 1000 - validations * progress.secondsPerValidation();
    const pace = fitted(standing.pace, length, left, seconds);
    return { ...standing, pace, steps: standing.step + updatesLeft(pace, length) };
  }

  while (stage.standing.ended === null && !signal?.aborted) {
    const begin = now();
    const batches: Lesson[] = [];
    while (batches.length < training.accumulate) batches.push((await stream.next()).value);
    const { standing, schedule } = stage;
    const rate = schedule.rate(standing.pace.at);
    last = await setup.trainer.step(
      stage.learner,
      batches.map(({ batch }) => batch),
      rate,
    );
    const seconds = (now() - begin) / 1000;
    progress.stepped(last, seconds);
    stage = {
      learner: last.learner,
      schedule,
      standing: {
        ...standing,
        step: standing.step + 1,
        tokens: standing.tokens + last.tokens,
        position: batches[batches.length - 1].position,
        seconds: standing.seconds + seconds,
        pace: moved(standing.pace),
      },
    };
    const { step } = stage.standing;
    const sinceBegin = step - from.standing.step;
    const due = isDue(stage.standing);
    if (due || sinceBegin === 1 || now() - trackedAt > 5000) {
      trackedAt = now();
      const { tokens, seconds: spent } = stage.standing;
      tracker.scalars(
        step,
        {
          "train/loss": progress.takeLoss(),
          "train/learning_rate": rate,
          "train/gradient_norm": last.gradientNorm,
          "train/tokens_per_second": progress.tokensPerSecond(),
        },
        { tokens, seconds: Math.round(spent * 1000) / 1000 },
      );
    }
    if (due) await validate(last);
    stage = { ...stage, standing: refitted(stage.standing) };
    const ended = isOver(stage.standing);
    if (ended !== null) {
      if (validatedStep !== step) await validate(last);
      stage = { ...stage, standing: { ...stage.standing, ended, steps: step } };
    } else if ((now() - savedAt) / 60_000 >= checkpoints.minutes) {
      await tracker.flush();
      await options.saveLast(stage);
      savedAt = now();
    }
    const pace = progress.secondsPerStep();
    if (sinceBegin === 5 && pace !== undefined) options.paced(pace);
    progress.report(stage.standing, deadline);
  }
  await tracker.flush();
  await options.saveLast(stage);
  return stage;
}

const arraysOf = (kind: string, arrays: Parameters): Readonly<Record<string, Float32Array>> =>
  Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [`${kind}/${name}`, data]));
