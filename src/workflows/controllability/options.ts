/** @file What `rubato controllability` can be asked. */
import { z } from "zod";
import { deviceSchema } from "../device/index.ts";
import { musicSchema } from "../generate/music-options.ts";

const { temperature, controlStrength, precision, threads } = musicSchema.shape;

export const controllabilitySchema = z.object({
  model: z
    .string()
    .optional()
    .describe(
      "a model that is told of the music to come: a folder, a run, a name, or `last` (default: the shipped one)",
    ),
  samples: z
    .int()
    .min(1)
    .default(64)
    .describe("pieces for each level of each control, and as many that are told nothing"),
  seconds: z.number().min(3).max(600).default(10).describe("length of each piece"),
  control: z.string().optional().describe("try this control alone; all that can be measured unless given"),
  seed: z.int().min(0).default(0).describe("where randomness begins"),
  temperature,
  controlStrength,
  precision,
  batch: z.int().min(1).default(1).describe("pieces side by side, a thread each"),
  threads,
  device: deviceSchema,
});

export type ControllabilityOptions = z.output<typeof controllabilitySchema>;
export type ControllabilityInput = z.input<typeof controllabilitySchema>;
