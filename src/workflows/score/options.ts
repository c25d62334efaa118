/** @file What `rubato score` can be asked: defaults, types and help are written here and nowhere else. */
import { z } from "zod";
import { deviceSchema } from "../device/index.ts";

export const scoreSchema = z.object({
  file: z.string().min(1).describe("a file of music: .mid .midi .kar .rmi .json .txt, also with .gz"),
  model: z
    .string()
    .min(1)
    .optional()
    .describe(
      'a folder with a checkpoint, the folder of a run, the name of a model, or "last"; the one that ships unless given',
    ),
  moments: z.int().min(0).default(10).describe("how many of the most surprising moments are listed"),
  plot: z.string().min(1).optional().describe("draw surprise over time into this .svg or .png"),
  device: deviceSchema,
  threads: z.int().min(1).optional().describe("threads that compute; the runtime's own choice unless given"),
});

export type ScoreInput = z.input<typeof scoreSchema>;
