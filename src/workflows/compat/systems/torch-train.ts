/** @file performance_rnn_torch: training, and the search for hyper-parameters, which comes later. */
import { z } from "zod";
import { UsageError } from "../../../util/errors.ts";
import { integer, number, text, toggle } from "../flags.ts";
import { type NativeStep, native } from "../native.ts";
import { defineProgram, plainPath, pointer, readPairs, type Surroundings } from "../program.ts";
import { beginningOf, dateAndTime, stemOf } from "../session.ts";
import { prepareStep, usualTestShare } from "./torch-data.ts";
import { foldersOf, originOf, processedMusic } from "./torch-paths.ts";

/** The README's stride; at it, one of its epochs counts as one pass of ours. */
const usualStride = 10;
const usualEpochs = 24;
const usualLearningRate = 1e-3;

const isNumber = (word: string) => /^[+-]?\d/.test(word);

export const train = defineProgram({
  names: ["scripts/train.py", "performance-rnn-train", "train.py"],
  summary: "train, or go on with a session",
  manner: "argparse",
  flags: z.object({
    session: text(
      ["-S", "--session"],
      "models/train.sess",
      "the model: written, and gone on with where it is there",
    ),
    dataset: text(["-d", "--dataset"], "data/processed", "processed music"),
    savingInterval: number(["-i", "--saving-interval"], "180", "seconds between two savings"),
    batchSize: integer(["-b", "--batch-size"], "64", "windows of a batch"),
    epochs: number(["-e", "--num_epochs"], "24", "passes over the music"),
    learningRate: number(["-l", "--learning-rate"], "0.001", "learning rate"),
    window: integer(["-w", "--window-size"], "200", "events of a window"),
    stride: text(
      ["-s", "--stride-size"],
      "10",
      "events between the beginnings of two windows: half of it, twice the passes",
    ),
    testShare: number(["-r", "--train_test_ratio"], "0.3", "share of the files that is kept from training"),
    patience: text(["-p", "--early_stopping_patience"], "5", "validations without progress before it ends"),
    controlRatio: number(
      ["-c", "--control-ratio"],
      "1",
      "share of the music that is trained with its controls",
    ),
    teacherForcing: number(
      ["-f", "--teacher-forcing-ratio"],
      "1",
      "share of the steps that see the true event before them",
    ),
    transposition: toggle(["-T", "--use-transposition"], "transpose by −6 to +5 semitones"),
    modelParams: text(
      ["-M", "--model-params"],
      "none",
      "hidden_dim=…,gru_layers=…,gru_dropout=…,event_dim=…",
    ),
    resetOptimizer: toggle(["-R", "--reset-optimizer"], "keep the weights and begin the optimiser anew"),
    logging: toggle(["-L", "--enable-logging"], "curves for TensorBoard", "on"),
  }),
  async plan({ values, typed, around }) {
    const { store, seed, set } = around;
    const folders = foldersOf(around);
    // The README before the rewrite has -s for the session, -S for the stride and -p for parameters of the model.
    const [session = `${folders.models}/train.sess`] = [values.session, values.stride].filter(isPath);
    const [stride] = [values.stride, values.session].flatMap((word) =>
      word !== undefined && isNumber(word) ? [positive("--stride-size", word)] : [],
    );
    const params = values.modelParams ?? (isPath(values.patience) ? values.patience : undefined);
    const patience = isPath(values.patience) ? undefined : values.patience;
    const path = plainPath(session, around);
    const dataset = plainPath(values.dataset ?? folders.processed, around);
    const { native: before, corpus } = await musicFor(around, dataset, values.testShare);
    const base = `${folders.runs}/${stemOf(path)}`;
    const { run, resume, from } = await beginningOf(store, path, base, {
      afresh: values.resetOptimizer === true,
    });
    const log = `${folders.logs}/model_info_${dateAndTime(around.now).replaceAll("-", "")}.log`;
    const pointers = [pointer(path, run, "checkpoint", typed)];
    const remarks = remarksOf(values);
    if (resume) {
      return {
        native: [native("train", { resume: run, corpus })],
        pointers,
        log,
        remarks: [`${path} was interrupted: ${run} goes on as it was begun, whatever else the line says`],
      };
    }
    const model = modelSettings(params);
    const passes = (values.epochs ?? usualEpochs) * (usualStride / (stride ?? usualStride));
    const step = native("train", {
      corpus,
      preset: "performance-rnn-torch",
      from,
      // What knows much already is else moved gently, and a few times.
      epochs: values.epochs !== undefined || stride !== undefined || from !== undefined ? passes : undefined,
      batchSize: values.batchSize,
      learningRate: values.learningRate ?? (from === undefined ? undefined : usualLearningRate),
      window: values.window,
      out: run,
      seed: Number(seed),
      set: [
        ...(from === undefined ? [] : ["optimiser.name=adam"]),
        ...controlSettings(values.controlRatio ?? 1),
        ...model.settings,
        ...(patience === undefined
          ? []
          : [`validation.patience=${positive("--early_stopping_patience", patience)}`]),
        ...(values.savingInterval === undefined ? [] : [`checkpoints.minutes=${values.savingInterval / 60}`]),
        ...(values.transposition === true ? transposition : []),
        ...set,
      ],
    });
    return {
      native: [...before, step],
      pointers,
      log,
      remarks: [
        ...remarks,
        ...model.remarks,
        ...(from === undefined
          ? []
          : [`the weights of ${path} are kept, and the optimiser begins anew in ${run}`]),
      ],
    };
  },
});

const isPath = (word: string | undefined): word is string => word !== undefined && !isNumber(word);

function positive(flag: string, word: string): number {
  const amount = Number(word);
  if (Number.isInteger(amount) && amount > 0) return amount;
  throw new UsageError(`found ${flag} ${word}, expected a whole number from 1 on`);
}

async function musicFor(around: Surroundings, dataset: string, testShare: number | undefined) {
  const { corpus, midi } = await processedMusic(around, dataset);
  const source = midi ?? (testShare === undefined ? undefined : await originOf(around, dataset));
  if (testShare !== undefined && source === undefined) {
    throw new UsageError(
      `found --train_test_ratio ${testShare} and no music in ${dataset} to split anew, expected what preprocess.py has processed: run it first`,
    );
  }
  const steps: readonly NativeStep[] =
    source === undefined ? [] : [prepareStep(source, corpus, 1 - (testShare ?? usualTestShare))];
  return { corpus, native: steps };
}

/** Always beside the events, as the preset has it; or at times, with a flag that says so; or never. */
function controlSettings(ratio: number): readonly string[] {
  if (ratio < 0 || ratio > 1) {
    throw new UsageError(`found --control-ratio ${ratio}, expected a share from 0 to 1`);
  }
  if (ratio === 1) return [];
  return ratio === 0
    ? ["controls.names=[]"]
    : ["controls.flags=shared", `controls.dropOut=${Number((1 - ratio).toFixed(6))}`];
}

/** Their offsets; notes that would leave the 88 keys limit the draw, where theirs were folded by an octave. */
const transposition = [
  "training.augment=true",
  "training.augmentation.stretch=[1]",
  "training.augmentation.lowestTransposition=-6",
  "training.augmentation.highestTransposition=5",
  "training.augmentation.lowestPitch=21",
  "training.augmentation.highestPitch=108",
];

const modelOptions: ReadonlyMap<string, string> = new Map([
  ["hidden_dim", "model.config.hiddenSize"],
  ["gru_layers", "model.config.layers"],
  ["gru_dropout", "model.config.dropout"],
  ["event_dim", "model.config.embedding"],
]);

/** What the README's model has and ours has not. */
const withoutCounterpart: ReadonlyMap<string, string> = new Map([
  ["init_dim", "init_dim is not used: the state begins with zeros, and no noise is learnt to begin with"],
  ["control_dim", "control_dim is not used: its size follows from the controls"],
]);

function modelSettings(params: string | undefined) {
  const settings: string[] = [];
  const remarks: string[] = [];
  for (const [name, value] of readPairs(params ?? "")) {
    const option = modelOptions.get(name);
    const remark = withoutCounterpart.get(name);
    if (option !== undefined) settings.push(`${option}=${value}`);
    else if (remark !== undefined) remarks.push(remark);
    else {
      throw new UsageError(
        `found ${name}=${value} in --model-params, expected one of ${[...modelOptions.keys(), ...withoutCounterpart.keys()].join(", ")}`,
      );
    }
  }
  return { settings, remarks };
}

function remarksOf(values: {
  readonly teacherForcing?: number | undefined;
  readonly logging?: boolean | undefined;
}) {
  const { teacherForcing, logging } = values;
  return [
    ...(teacherForcing === undefined || teacherForcing === 1
      ? []
      : [
          `--teacher-forcing-ratio ${teacherForcing} is not done: every step sees the true event before it, which is the ratio of 1 that the README has`,
        ]),
    ...(logging === true
      ? ["--enable-logging changes nothing: curves for TensorBoard are always written"]
      : []),
  ];
}

export const optimize = defineProgram({
  names: ["scripts/optimization_routine.py", "optimization_routine.py", "performance-rnn-optimize"],
  summary: "search for hyper-parameters: comes later",
  manner: "argparse",
  flags: z.object({
    session: text(["-S", "--session"], "models/optimization.sess", "where what was found is kept"),
    dataset: text(["-d", "--dataset"], "data/processed", "processed music"),
    trials: integer(["-n", "--n-trials"], "20", "trainings that are tried"),
    resetOptimizer: toggle(["-R", "--reset-optimizer"], "begin the optimiser anew"),
    logging: toggle(["-L", "--enable-logging"], "curves of every trial"),
  }),
  plan({ values, around }) {
    const session = values.session ?? `${foldersOf(around).models}/optimization.sess`;
    const dataset = values.dataset ?? foldersOf(around).processed;
    const also = [
      ...(values.resetOptimizer === true ? ["a new optimiser"] : []),
      ...(values.logging === true ? ["curves of each"] : []),
    ];
    return {
      native: [],
      later: `searching hyper-parameters on ${dataset} in ${values.trials ?? 20} trials${also.map((each) => `, with ${each}`).join("")} comes later: \`train.py --session ${session}\` trains with the values of the README meanwhile`,
    };
  },
});
