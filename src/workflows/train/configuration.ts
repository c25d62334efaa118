/** @file What a training consists of: the schema of `config.yaml`, with every default and every line of help. */
import { z } from "zod";
import { controlFlags } from "../../controls/index.ts";
import { augmentationSchema } from "../../corpus/index.ts";

const named = (name: string, what: string) =>
  z
    .strictObject({
      name: z.string().default(name).describe(`${what}: see \`rubato list\``),
      config: z.record(z.string(), z.unknown()).default({}).describe("its options"),
    })
    .prefault({});

const count = z.int().positive();

export const configurationSchema = z.strictObject({
  corpus: z.string().optional().describe("what to train on"),
  representation: z
    .strictObject({ name: z.string(), config: z.record(z.string(), z.unknown()).default({}) })
    .optional()
    .describe("what MIDI is prepared as, where it is no corpus yet"),
  from: z.string().optional().describe("the model whose weights it begins with"),
  model: named("transformer", "kind of model"),
  controls: z
    .strictObject({
      names: z
        .array(
          z.union([
            z.string(),
            z.strictObject({ name: z.string(), config: z.record(z.string(), z.unknown()).default({}) }),
          ]),
        )
        .default([])
        .describe("what the model is told of the music to come: see `rubato list controls`"),
      flags: z
        .enum(controlFlags)
        .default("each")
        .describe(
          "none: always told all controls; shared: one flag says that none is told; each: any of them may be left out",
        ),
      dropOut: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .describe("share of windows in which some controls, or all, are not told, where flags can say so"),
    })
    .prefault({}),
  optimiser: named("muon", "optimiser"),
  schedule: named("warmup-cosine", "schedule of the learning rate"),
  training: z
    .strictObject({
      seed: z.int().default(0).describe("seed of first weights, order of pieces, augmentation and dropout"),
      epochs: z.number().positive().default(10).describe("passes over the training split"),
      steps: count.optional().describe("updates, in place of epochs"),
      batchSize: count.default(8).describe("windows side by side in a batch"),
      window: z.int().min(2).default(512).describe("predictions of a window"),
      accumulate: count.default(1).describe("batches whose gradients make one update"),
      learningRate: z.number().positive().default(0.02).describe("highest learning rate"),
      warmUp: z
        .number()
        .min(0)
        .max(1)
        .default(0.02)
        .describe("share of the updates with a rising learning rate"),
      clipNorm: z.number().positive().default(1).describe("gradients longer than this are shortened to it"),
      averageDecay: z
        .number()
        .min(0)
        .lt(1)
        .default(0.999)
        .describe("decay of the average of weights that is validated and kept; 0 for none"),
      carry: z
        .boolean()
        .default(false)
        .describe(
          "let windows go on from the state in which those before them ended (recurrent models, and linear attention)",
        ),
      augment: z.boolean().default(true).describe("vary tempo and pitch of each piece in each pass"),
      augmentation: augmentationSchema.prefault({}),
    })
    .prefault({}),
  validation: z
    .strictObject({
      every: count.optional().describe("updates between validations; 20 in a run unless given"),
      events: count
        .default(200_000)
        .describe("at most so many events of the validation split, spread over it"),
      window: z
        .int()
        .min(2)
        .optional()
        .describe("predictions of a validation window; training's unless given"),
      patience: z
        .int()
        .min(0)
        .default(5)
        .describe("validations without progress after which training ends; 0 for never"),
    })
    .prefault({}),
  checkpoints: z
    .strictObject({
      minutes: z.number().positive().default(3).describe("between two savings of the last state"),
    })
    .prefault({}),
  samples: z
    .strictObject({
      every: z.int().min(0).default(5).describe("validations between two samples; 0 for none"),
      seconds: z.number().positive().default(20).describe("length of a sample"),
    })
    .prefault({}),
});

export type Configuration = z.output<typeof configurationSchema>;
export type ConfigurationInput = z.input<typeof configurationSchema>;
