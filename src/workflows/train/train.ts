/** @file `train`: a corpus and a configuration become a run, a folder with checkpoints, curves and a model card. */
import {
  type Checkpoint,
  CheckpointError,
  openCheckpoint,
  type Provenance,
  transplant,
  writeCheckpoint,
} from "../../checkpoint/index.ts";
import { openConditioning } from "../../controls/index.ts";
import type { Corpus } from "../../corpus/index.ts";
import { initialParameters, type Model, openModel } from "../../models/index.ts";
import type { Platform } from "../../platform/platform.ts";
import type { SessionOptions } from "../../runtime/session.ts";
import { openTracker, type RunState } from "../../tracking/index.ts";
import { UsageError } from "../../util/errors.ts";
import type { Parameters } from "../../util/parameters.ts";
import { openDevice } from "../device/device.ts";
import { type FoundModel, findModel, runsFolder } from "../model/index.ts";
import { writeCard } from "./card.ts";
import { type Configuration, configurationSchema } from "./configuration.ts";
import { openTrainingCorpus, type TrainingCorpus } from "./corpus.ts";
import { countShapes, estimateMemory } from "./describe.ts";
import { readDuration } from "./duration.ts";
import { expectFields } from "./fields.ts";
import { formatConfiguration } from "./layers.ts";
import { measureUpdate } from "./measure.ts";
import type { TrainOptions } from "./options.ts";
import { planTraining } from "./plan.ts";
import { presetOf } from "./presets.ts";
import { expectVocabulary, publishedOf } from "./published.ts";
import { readConfigurationOf } from "./read.ts";
import { runTraining, type Stage } from "./run.ts";
import { writeSample } from "./sample.ts";
import { openSetup, scheduleOf } from "./setup.ts";
import { beginning, learnerOf, type Standing, trainingStateOf } from "./state.ts";

export interface Trained {
  readonly folder: string;
  readonly model: string;
  readonly parameters: number;
  readonly tokensPerEpoch: number;
  readonly stepsPerEpoch: number;
  readonly steps: number;
  /** Bytes, roughly. */
  readonly memory: number;
  /** Seconds that a pass over the training split takes here; undefined before it was measured. */
  readonly secondsPerEpoch: number | undefined;
  /** Undefined where nothing was trained. */
  readonly standing: Standing | undefined;
  readonly state: RunState | "dry run";
  readonly remarks: readonly string[];
}

/** What is known before anything is learnt. */
export type About = Omit<Trained, "standing" | "state" | "secondsPerEpoch">;

export interface TrainContext {
  readonly platform: Platform;
  /** What was typed, for the model card. */
  readonly command: string;
  readonly signal?: AbortSignal;
  /** Told before the first step: what will be trained, and what was done on the way. */
  begun?(about: About): void;
  /** Told after a few updates: seconds of a pass over the training split. */
  paced?(secondsPerEpoch: number): void;
}

/** Steps of a schedule that is fitted to a time. */
const finelyDivided = 10_000;

/**
 * Trains a model, or goes on with it.
 *
 * @throws UserErrors in one sentence; a run that has begun keeps its last checkpoint whatever happens
 */
export async function train(options: TrainOptions, context: TrainContext): Promise<Trained> {
  const { platform, signal } = context;
  const { store } = platform;
  const device = await openDevice(platform, options.device);
  const session: SessionOptions = {
    threads: options.threads ?? platform.cores,
    ...(device.provider !== undefined && { provider: device.provider }),
  };
  const resumed = options.resume === undefined ? undefined : await openRun(platform, options.resume);
  const run = resumed?.folder;
  const plain = await readConfigurationOf(platform, options, { run, parent: undefined });
  const parent = resumed || plain.from === undefined ? undefined : await findModel(platform, plain.from);
  const configuration = parent ? await readConfigurationOf(platform, options, { run, parent }) : plain;
  const { corpus, fingerprint, remarks } = await chooseCorpus(
    platform,
    options,
    configuration,
    resumed ?? parent,
    resumed,
  );
  const { name: representation, config: representationConfig } = corpus.representation;
  expectSame(corpus.path, corpus.representation, resumed);
  const { names: choices, flags } = configuration.controls;
  const conditioning = openConditioning(corpus.representation, choices, flags);
  const model = openModel(configuration.model.name, {
    ...configuration.model.config,
    vocabularySize: corpus.representation.vocabularySize,
    controls: conditioning.size,
  });
  expectFields(model, corpus);
  if (configuration.training.carry && configuration.training.accumulate > 1) {
    throw new UsageError(
      "found training.accumulate with training.carry, expected one batch for each update where state is carried: set one of them back",
    );
  }
  const taken = parent && takenOver(parent, model, corpus, configuration.training.seed);
  const plan = planTraining(corpus, configuration);
  const seconds = options.for === undefined ? undefined : readDuration(options.for);
  const folder = resumed?.folder ?? options.out ?? `${runsFolder}/${runName(platform, configuration)}`;
  let secondsPerEpoch: number | undefined;
  const about: About = {
    folder,
    model: model.name,
    parameters: countShapes(model),
    tokensPerEpoch: plan.tokensPerEpoch,
    stepsPerEpoch: plan.stepsPerEpoch,
    steps: plan.steps,
    memory: estimateMemory(model, configuration),
    remarks: [...remarks, ...(taken?.remarks ?? [])],
  };
  context.begun?.(about);
  if (resumed === undefined && !options.dryRun) await expectFresh(platform, folder);

  const setup = await openSetup(platform, model, conditioning, corpus, configuration, session);
  if (options.dryRun) {
    try {
      const parameters = initialParameters(model, configuration.training.seed);
      const perUpdate = await measureUpdate(platform, corpus, configuration, setup, parameters);
      const pass = plan.stepsPerEpoch * perUpdate;
      return { ...about, secondsPerEpoch: pass, standing: undefined, state: "dry run" };
    } finally {
      await setup.dispose();
    }
  }
  const stage = await firstStage();
  const length = lengthOf(stage.standing);
  const tracker = await openTracker(store, folder, {
    step: stage.standing.step,
    wallTime: () => platform.wallTime() / 1000,
  });
  const optimiser = { name: setup.optimiser.name, configuration: setup.optimiser.config };
  const checkpointOf = (parameters: Parameters, { standing }: Stage): Checkpoint => ({
    model: { name: model.name, configuration: model.config },
    representation: { name: representation, configuration: representationConfig },
    controls: conditioning.controls.map(({ name, config }) => ({ name, configuration: config })),
    controlFlags: conditioning.size > 0 ? conditioning.flags : "none",
    parameters,
    provenance: provenanceOf(standing),
  });
  const card = (standing: Standing) =>
    store.write(
      `${folder}/README.md`,
      new TextEncoder().encode(
        writeCard({
          platform,
          name: nameOf(folder),
          model,
          corpus,
          configuration,
          standing,
          command: context.command,
          parent: configuration.from,
        }),
      ),
    );
  const saveLast = async (now: Stage) => {
    const training = trainingStateOf(optimiser, now.learner, now.schedule, { ...now.standing });
    await writeCheckpoint(platform, `${folder}/checkpoints/last`, {
      ...checkpointOf(now.learner.parameters, now),
      training,
    });
    await card(now.standing);
  };
  try {
    if (resumed === undefined) {
      // With what its corpus holds, so that it does the same again from the same MIDI files.
      const { name, config } = corpus.representation;
      const whole = configurationSchema.parse({ ...configuration, representation: { name, config } });
      const comment = `rubato ${platform.release.version}; made by: ${context.command}\ncorpus ${corpus.path}, ${fingerprint}`;
      await store.write(
        `${folder}/config.yaml`,
        new TextEncoder().encode(formatConfiguration(whole, comment)),
      );
      tracker.text(0, "configuration", fenced(formatConfiguration(whole, comment)));
      tracker.hyperparameters(hyperparametersOf(configuration), ["validation/loss", "train/loss"]);
      await saveLast(stage);
    }
    const ended = await runTraining(
      {
        platform,
        model,
        corpus,
        configuration,
        setup,
        tracker,
        length,
        deadline: seconds === undefined ? undefined : platform.now() + seconds * 1000,
        signal,
        paced(perUpdate) {
          secondsPerEpoch = plan.stepsPerEpoch * perUpdate;
          context.paced?.(secondsPerEpoch);
        },
        saveLast,
        saveBest: async (parameters, now) => {
          await writeCheckpoint(platform, `${folder}/checkpoints/best`, checkpointOf(parameters, now));
        },
        sample: async (parameters, { step, validations }) => {
          const { every, seconds: length } = configuration.samples;
          if (every === 0 || validations % every !== 0) return;
          const { seed } = configuration.training;
          await writeSample(platform, model, corpus.representation, conditioning, parameters, {
            folder,
            step,
            seconds: length,
            seed,
          });
        },
      },
      stage,
    );
    const state = ended.standing.ended === null ? "interrupted" : "finished";
    await tracker.close(state);
    return { ...about, secondsPerEpoch, standing: ended.standing, state };
  } catch (error) {
    // The error is what counts: where the disk is full, saying so in the files fails as well.
    await Promise.allSettled([tracker.close("failed")]);
    throw error;
  } finally {
    await setup.dispose();
  }

  async function firstStage(): Promise<Stage> {
    if (resumed !== undefined) {
      const { learner, standing, schedule } = learnerOf(resumed.checkpoint, resumed.folder);
      if (standing.ended !== null) {
        throw new UsageError(
          `found ${resumed.folder}, which has ${standing.ended} after ${standing.step} updates, expected a run that was interrupted: begin another with --from ${resumed.folder}`,
        );
      }
      return { learner, standing, schedule: scheduleOf(configuration, lengthOf(standing), schedule) };
    }
    const standing = beginning(plan.steps);
    const parameters = taken?.parameters ?? initialParameters(model, configuration.training.seed);
    return {
      learner: setup.trainer.begin(parameters),
      standing,
      schedule: scheduleOf(configuration, lengthOf(standing)),
    };
  }

  /** A run that was fitted to a time stays divided as it was. */
  function lengthOf({ pace }: Standing): number {
    return seconds !== undefined || pace.stride !== 1 ? finelyDivided : plan.steps;
  }

  function provenanceOf({ step, tokens }: Standing): Provenance {
    const { version, commit } = platform.release;
    return {
      rubato: version,
      ...(commit !== undefined && { commit }),
      corpus: { name: corpus.index.name, fingerprint },
      seed: configuration.training.seed,
      steps: step,
      tokensSeen: tokens,
      command: context.command,
      date: new Date(platform.wallTime()).toISOString(),
      ...(parent && { parent: { path: parent.name, fingerprint: parent.checkpoint.fingerprint } }),
      ...(resumed?.checkpoint.provenance.parent && { parent: resumed.checkpoint.provenance.parent }),
    };
  }
}

const nameOf = (folder: string) => folder.slice(folder.lastIndexOf("/") + 1);
const fenced = (text: string) => `\`\`\`yaml\n${text}\n\`\`\``;

/** `2026-03-01-142530-lstm`: no colon, which Windows does not allow. */
function runName(platform: Platform, { model }: Configuration): string {
  const date = new Date(platform.wallTime()).toISOString();
  return `${date.slice(0, 10)}-${date.slice(11, 19).replaceAll(":", "")}-${model.name}`;
}

/** The run that is to go on: its last checkpoint. */
async function openRun(platform: Platform, folder: string): Promise<FoundModel> {
  const last = `${folder}/checkpoints/last`;
  if ((await platform.store.stat(`${last}/config.json`)) === undefined) {
    throw new UsageError(
      `found no checkpoint to resume in ${folder}, expected the folder of a run, with checkpoints/last in it: give one of those under ${runsFolder}`,
    );
  }
  const opened = await openCheckpoint(platform, last, { training: true });
  return { name: folder, ...opened, folder };
}

async function expectFresh({ store }: Platform, folder: string): Promise<void> {
  if ((await store.stat(folder)) === undefined) return;
  if ((await store.list(folder)).length === 0) return;
  throw new UsageError(
    `found ${folder} with something in it, expected a new folder: choose another --out, or go on with --resume ${folder}`,
  );
}

async function chooseCorpus(
  platform: Platform,
  options: TrainOptions,
  configuration: Configuration,
  ancestor: FoundModel | undefined,
  resumed: FoundModel | undefined,
): Promise<TrainingCorpus> {
  const { corpus: path } = configuration;
  if (path === undefined) {
    throw new UsageError(
      `found no corpus, expected one to train on: give a folder made by \`rubato prepare\`, or MIDI files`,
    );
  }
  const wanted = representationFor(options, configuration, ancestor);
  const opened = await openTrainingCorpus(platform, path, wanted);
  const known = publishedOf(options.config);
  if (known) expectVocabulary(known, opened.corpus.representation, path);
  const before = resumed?.checkpoint.provenance.corpus?.fingerprint;
  if (before !== undefined && before !== opened.fingerprint) {
    throw new UsageError(
      `found another corpus in ${path} than the run has learnt from, expected the same one: begin a new run with --from ${resumed?.name}`,
    );
  }
  return opened;
}

/** What MIDI is prepared as: what was asked for, what the model that is gone on with knows, or what the configuration is for. */
function representationFor(
  options: TrainOptions,
  configuration: Configuration,
  ancestor: FoundModel | undefined,
): Pick<TrainingCorpus["corpus"]["representation"], "name" | "config"> {
  const usual = { name: "performance", config: {} };
  if (options.representation !== undefined) return { ...usual, name: options.representation };
  const { preset } = options;
  return (
    ancestor?.representation ??
    publishedOf(options.config)?.representation ??
    configuration.representation ??
    (preset === undefined ? undefined : presetOf(preset).representation) ??
    usual
  );
}

/** The parent's weights, fitted to what is to be trained, and what that left to learn anew. */
function takenOver(parent: FoundModel, model: Model, { representation, path }: Corpus, seed: number) {
  const giver = { ...parent, parameters: parent.checkpoint.parameters };
  const { parameters, newTokens, newParameters } = transplant(giver, { model, representation }, seed);
  if (2 * newTokens.length > representation.vocabularySize) expectSame(path, representation, parent);
  const remarks = [
    ...(newTokens.length > 0
      ? [`${newTokens.length} of ${representation.vocabularySize} tokens are new to ${parent.name}`]
      : []),
    ...(newParameters.length > 0 ? [`new to ${parent.name}: ${newParameters.join(", ")}`] : []),
  ];
  return { parameters, remarks };
}

function expectSame(
  path: string,
  { name, config }: TrainingCorpus["corpus"]["representation"],
  other: FoundModel | undefined,
): void {
  if (other === undefined) return;
  const { representation } = other;
  if (representation.name === name && JSON.stringify(representation.config) === JSON.stringify(config))
    return;
  throw new CheckpointError(
    `found a corpus of \`${name}\` ${JSON.stringify(config)} in ${path}, expected \`${representation.name}\` ${JSON.stringify(representation.config)} as of ${other.name}: prepare it with --representation ${representation.name}`,
    path,
  );
}

function hyperparametersOf({ model, optimiser, training }: Configuration) {
  const flat = (prefix: string, values: Readonly<Record<string, unknown>>) =>
    Object.entries(values).flatMap(([key, value]): [string, string | number | boolean][] =>
      typeof value === "number" || typeof value === "string" || typeof value === "boolean"
        ? [[`${prefix}.${key}`, value]]
        : [],
    );
  return Object.fromEntries([
    ["model", model.name],
    ["optimiser", optimiser.name],
    ...flat("model", model.config),
    ...flat("training", training),
  ]);
}
