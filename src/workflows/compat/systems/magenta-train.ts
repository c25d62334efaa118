/** @file Magenta: training, and the eval job beside it. */
import { z } from "zod";
import { UsageError } from "../../../util/errors.ts";
import { readPointer } from "../../model/index.ts";
import { integer, text, toggle } from "../flags.ts";
import { native } from "../native.ts";
import { defineProgram, type Plan, type PointerFile, plainPath } from "../program.ts";
import { beginningOf } from "../session.ts";
import { isQuiet, logFlag, readHparams, representationOf } from "./magenta-flags.ts";

const usualRun = "/tmp/performance_rnn/logdir/run1";
/** "If left unspecified, the training loop will run until terminated": this many updates nobody waits for. */
const endless = 1_000_000_000;

/** Where a run lies within its folder, and the file that says so. */
export const runIn = (folder: string): string => `${folder}/train`;
export const checkpointIn = (folder: string): string => `${folder}/checkpoint`;

export const train = defineProgram({
  names: ["performance_rnn_train", "performance_rnn_train.py"],
  summary: "train until it is interrupted, or evaluate with --eval",
  manner: "absl",
  flags: z.object({
    runDir: text(["--run_dir"], usualRun, "folder of the run, which lies in train/ in it"),
    config: text(["--config"], "performance", "one of the published configurations"),
    examples: text(["--sequence_example_file"], "required", "what performance_rnn_create_dataset wrote"),
    warmStart: text(["--warm_start_bundle_file"], "none", "a bundle whose weights are begun with"),
    steps: integer(["--num_training_steps"], "0", "updates; 0 for no end"),
    evalExamples: integer(["--num_eval_examples"], "0", "pieces that are evaluated; 0 for all"),
    summaryFrequency: integer(["--summary_frequency"], "10", "updates between two points of the curves"),
    checkpoints: integer(["--num_checkpoints"], "10", "checkpoints that are kept"),
    evaluate: toggle(["--eval"], "evaluate, and change no weights"),
    log: logFlag,
    hparams: text(
      ["--hparams"],
      "none",
      "batch_size=…,rnn_layer_sizes=[…],dropout_keep_prob=…,clip_norm=…,learning_rate=…",
    ),
  }),
  async plan({ values, typed, around }): Promise<Plan> {
    const folder = plainPath(values.runDir ?? usualRun, around);
    if (values.examples === undefined) {
      throw new UsageError(
        "found no --sequence_example_file, expected what performance_rnn_create_dataset wrote: give --sequence_example_file=…",
      );
    }
    representationOf(values.config);
    const examples = plainPath(values.examples, around);
    const music = await readPointer(around.store, examples);
    checkConfig(values.config, music?.config, examples);
    const corpus = music?.leadsTo ?? examples;
    const run = runIn(folder);
    const { batchSize, learningRate, settings, remarks } = readHparams(values.hparams);
    const told = [...remarks, ...remarksOf(values)];
    if (values.evaluate === true) {
      const limit = values.evalExamples ?? 0;
      return {
        native: [
          native("evaluate", {
            model: run,
            corpus,
            split: /training_performances/.test(examples) ? "train" : "validation",
            limit: limit > 0 ? limit : undefined,
          }),
        ],
        remarks:
          values.hparams === undefined
            ? told
            : [...told, "--hparams changes nothing here: the model knows its own"],
        isQuiet: isQuiet(values.log),
      };
    }
    const begin = await beginningOf(around.store, checkpointIn(folder), run);
    const pointers: readonly PointerFile[] = [
      {
        path: checkpointIn(folder),
        rubato: "pointer",
        kind: "checkpoint",
        leadsTo: begin.run,
        madeBy: typed,
        config: values.config ?? music?.config ?? "performance",
      },
    ];
    if (begin.resume) {
      return {
        native: [native("train", { resume: begin.run, corpus })],
        pointers,
        remarks: [
          `${folder} has been trained before: it goes on as it was begun, whatever else the line says`,
        ],
        isQuiet: isQuiet(values.log),
      };
    }
    const steps = values.steps ?? 0;
    return {
      native: [
        native("train", {
          corpus,
          preset: "performance-rnn",
          config: values.config ?? music?.config ?? "performance",
          from: values.warmStart === undefined ? begin.from : plainPath(values.warmStart, around),
          steps: steps > 0 ? steps : endless,
          batchSize,
          learningRate,
          out: begin.run,
          seed: Number(around.seed),
          set: [...settings, ...around.set],
        }),
      ],
      pointers,
      remarks: [
        ...told,
        ...(steps > 0 ? [] : ["it trains until you interrupt it with Ctrl-C, and keeps what it has learnt"]),
      ],
      isQuiet: isQuiet(values.log),
    };
  },
});

/** Music of one configuration is not that of another; what is no pointer says nothing. */
export function checkConfig(asked: string | undefined, found: string | undefined, where: string): void {
  if (asked === undefined || found === undefined || asked === found) return;
  throw new UsageError(
    `found --config=${asked}, and ${where} is of ${found}, expected the same: leave --config out, or make it again`,
  );
}

function remarksOf(values: {
  readonly summaryFrequency?: number | undefined;
  readonly checkpoints?: number | undefined;
  readonly evalExamples?: number | undefined;
  readonly evaluate?: boolean | undefined;
}): readonly string[] {
  const { summaryFrequency, checkpoints, evalExamples, evaluate } = values;
  return [
    ...(summaryFrequency === undefined
      ? []
      : [
          `--summary_frequency=${summaryFrequency} is not kept to: curves have a point every five seconds and at every validation`,
        ]),
    ...(checkpoints === undefined
      ? []
      : [`--num_checkpoints=${checkpoints} is not kept to: the last checkpoint and the best one are kept`]),
    ...(evalExamples === undefined || evaluate === true
      ? []
      : ["--num_eval_examples changes nothing without --eval"]),
  ];
}
