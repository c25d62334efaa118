/** @file What `rubato train` can be asked. */
import { z } from "zod";
import { deviceSchema } from "../device/device.ts";
import { presetNames } from "./presets.ts";

export const trainSchema = z.object({
  corpus: z
    .string()
    .min(1)
    .optional()
    .describe(
      "a corpus made by `rubato prepare`, or MIDI: a folder, a .zip or one file, prepared on the way",
    ),
  preset: z.enum(presetNames).optional().describe("where the configuration begins (default: transformer)"),
  config: z
    .string()
    .min(1)
    .optional()
    .describe(
      "a YAML file laid over the preset; or one of Performance RNN's published configurations by name, as in performance_with_dynamics",
    ),
  set: z
    .array(z.string().regex(/^[^=]+=/, "expected key=value"))
    .default([])
    .describe("an option of the configuration, as in training.learningRate=3e-4; may be given several times"),
  controls: z
    .string()
    .min(1)
    .optional()
    .describe(
      "what the model is told of the music to come, as in note-density,pitch-class-histogram: see `rubato list controls`",
    ),
  epochs: z.number().positive().optional().describe("passes over the training split"),
  steps: z.int().positive().optional().describe("updates, in place of epochs"),
  for: z
    .string()
    .optional()
    .describe("train for this long, as in 10m: schedule and passes are fitted to the time"),
  batchSize: z.int().positive().optional().describe("windows side by side in a batch"),
  learningRate: z.number().positive().optional().describe("highest learning rate"),
  window: z.int().min(2).optional().describe("predictions of a window"),
  seed: z
    .int("expected one whole number; notes to begin with are given to `rubato generate` with --seed-notes")
    .optional()
    .describe("seed of everything that is drawn"),
  out: z.string().min(1).optional().describe("folder of the run (default: runs/<date>-<time>-<model>)"),
  resume: z.string().min(1).optional().describe("go on with this run, exactly where it stood"),
  from: z
    .string()
    .min(1)
    .optional()
    .describe("begin with the weights of this model: a folder, a run, a name, or `last`"),
  representation: z
    .string()
    .optional()
    .describe(
      "how music becomes tokens, where it is not a corpus yet (default: that of --from, of --config or the preset, or performance)",
    ),
  device: deviceSchema,
  threads: z.int().positive().optional().describe("threads of the computation (default: all cores)"),
  dryRun: z.boolean().default(false).describe("say what would be trained, how large and how long, and stop"),
});

export type TrainOptions = z.output<typeof trainSchema>;
export type TrainInput = z.input<typeof trainSchema>;
