/**
 * @file `controllability`: whether a model does what it is told. Pieces are made at several levels of each control, one
 * control at a time, and measured: levels by rank correlation of what was asked with what came, shares by their cosine.
 */
import type { Control } from "../../controls/index.ts";
import type { Performance } from "../../music/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { cosineOf, meanOf, rankCorrelation, standardDeviationOf } from "../../util/statistics.ts";
import { suggestion } from "../../util/suggest.ts";
import { openDevice } from "../device/index.ts";
import { inLanes } from "../generate/lanes.ts";
import { collect } from "../generate/music-model.ts";
import { type Playable, playableOf, type Stage } from "../generate/stage.ts";
import { usualStrengthOf } from "../generate/told.ts";
import { findModel, steerableModel } from "../model/index.ts";
import { type ControllabilityInput, type ControllabilityOptions, controllabilitySchema } from "./options.ts";

export interface LevelReport {
  readonly asked: string;
  readonly samples: number;
  /** Of the samples, in the unit of what was asked. */
  readonly mean: number;
  readonly deviation: number;
}

export type ControlReport = {
  readonly control: string;
  readonly samples: number;
} & (
  | {
      readonly kind: "level";
      /** Spearman's rank correlation of what was asked with what came, over all samples. */
      readonly spearman: number;
      readonly levels: readonly LevelReport[];
      /** Of samples that were told nothing. */
      readonly untold: number;
    }
  | {
      readonly kind: "shares";
      /** Mean cosine of what was asked and what came. */
      readonly cosine: number;
      /** The same of what was asked and samples that were told nothing. */
      readonly untoldCosine: number;
      readonly levels: readonly {
        readonly asked: string;
        readonly samples: number;
        readonly cosine: number;
        readonly untoldCosine: number;
      }[];
    }
);

export interface Controllability {
  readonly model: string;
  readonly fingerprint: string;
  readonly seed: number;
  readonly seconds: number;
  readonly temperature: number;
  /** As asked, or as `generate` has it. */
  readonly controlStrength: number;
  readonly controls: readonly ControlReport[];
  readonly machine: string;
}

/** Told nothing, or one thing. */
interface Task {
  readonly control: string | undefined;
  readonly option: Readonly<Record<string, string>>;
}

/**
 * @throws UsageError for a model that is told nothing, and for a control that it does not hear or that cannot be measured
 */
export async function controllability(
  platform: Platform,
  input: ControllabilityInput,
): Promise<Controllability> {
  const options = controllabilitySchema.parse(input);
  const found = await findModel(platform, options.model ?? steerableModel);
  const playable = playableOf(found);
  const tried = triedOf(playable, options.control);
  const levels = tried.flatMap(({ control, trial, option }) =>
    trial.levels.map((text): Task => ({ control: control.name, option: { [option.name]: text } })),
  );
  const tasks: readonly Task[] = [...levels, { control: undefined, option: {} }];
  const performances = await makeAll(platform, playable, tasks, options);
  const untold = performances[performances.length - 1];
  let next = 0;
  const reports = tried.map(({ control, trial }): ControlReport => {
    const own = trial.levels.map((asked) => ({ asked, made: performances[next++] }));
    const about = { control: control.name, samples: options.samples };
    return trial.of === "level"
      ? { ...about, kind: "level", ...levelsOf(own, untold, trial.measure) }
      : { ...about, kind: "shares", ...sharesOf(own, untold, control, trial.measure) };
  });
  return {
    model: found.name,
    fingerprint: playable.fingerprint,
    seed: options.seed,
    seconds: options.seconds,
    temperature: options.temperature,
    controlStrength: options.controlStrength ?? usualStrengthOf(playable.conditioning),
    controls: reports,
    machine: platform.machine,
  };
}

function triedOf({ name, conditioning }: Playable, wanted: string | undefined) {
  const all = conditioning.controls.flatMap((control) =>
    control.trial === undefined ? [] : [{ control, trial: control.trial, option: control.option }],
  );
  const chosen = wanted === undefined ? all : all.filter(({ control }) => control.name === wanted);
  if (chosen.length > 0) return chosen;
  const names = all.map(({ control }) => control.name);
  if (names.length === 0) {
    throw new UsageError(
      `found model ${name}, which is told nothing that could be measured, expected one that is conditioned: choose another, or train one with --controls`,
    );
  }
  throw new UsageError(
    `found control ${wanted}, expected one of ${names.join(", ")}, which ${name} hears${suggestion(wanted ?? "", names)}`,
  );
}

/** The pieces of each task. The n-th of each begins with the same randomness, so that what differs is what was told. */
async function makeAll(
  platform: Platform,
  playable: Playable,
  tasks: readonly Task[],
  options: ControllabilityOptions,
): Promise<readonly (readonly Performance[])[]> {
  const { samples, seconds, seed, temperature, controlStrength, precision, batch, threads } = options;
  const { provider } = await openDevice(platform, options.device);
  const made: Performance[][] = tasks.map(() => []);
  let done = 0;
  const make = async (stage: Stage, index: number) => {
    const [task, sample] = [Math.floor(index / samples), index % samples];
    const { option, control } = tasks[task];
    const request = { seconds, seed, index: sample, temperature, ...option };
    const strength = control === undefined || controlStrength === undefined ? {} : { controlStrength };
    made[task][sample] = await collect(stage.play({ ...request, ...strength }));
    platform.report({ stage: "generating", done: ++done, total: tasks.length * samples, unit: "pieces" });
  };
  await inLanes(
    platform,
    playable,
    { pieces: tasks.length * samples, lanes: batch, precision, threads, provider },
    make,
  );
  return made;
}

interface Asked {
  readonly asked: string;
  readonly made: readonly Performance[];
}

function levelsOf(
  own: readonly Asked[],
  untold: readonly Performance[],
  measure: (performance: Performance) => number,
) {
  const measured = own.map(({ asked, made }) => ({ asked, values: made.map(measure) }));
  const asked = measured.flatMap(({ asked: level, values }) => values.map(() => Number(level)));
  return {
    spearman: rankCorrelation(
      asked,
      measured.flatMap(({ values }) => values),
    ),
    levels: measured.map(({ asked: level, values }) => ({
      asked: level,
      samples: values.length,
      mean: meanOf(values),
      deviation: standardDeviationOf(values),
    })),
    untold: meanOf(untold.map(measure)),
  };
}

function sharesOf(
  own: readonly Asked[],
  untold: readonly Performance[],
  control: Control,
  measure: (performance: Performance) => Float32Array,
) {
  const levels = own.map(({ asked, made }) => {
    const [wanted] = control.read(asked);
    const cosine = (performances: readonly Performance[]) =>
      meanOf(performances.map((performance) => cosineOf(wanted, measure(performance))));
    return { asked, samples: made.length, cosine: cosine(made), untoldCosine: cosine(untold) };
  });
  return {
    cosine: meanOf(levels.map(({ cosine }) => cosine)),
    untoldCosine: meanOf(levels.map(({ untoldCosine }) => untoldCosine)),
    levels,
  };
}
