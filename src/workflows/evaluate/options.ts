/** @file What `rubato evaluate` can be asked: defaults, types and help are written here and nowhere else. */
import { z } from "zod";
import { splitNames } from "../../corpus/table.ts";
import { deviceSchema } from "../device/index.ts";

export const protocolNames = ["segments", "sliding", "both"] as const;

export const evaluateSchema = z.object({
  model: z
    .string()
    .min(1)
    .describe('a folder with a checkpoint, the folder of a run, the name of a model that ships, or "last"'),
  corpus: z.string().min(1).describe("a folder made by `rubato prepare`"),
  split: z.enum(splitNames).default("validation").describe("which pieces are measured"),
  protocol: z
    .enum(protocolNames)
    .default("both")
    .describe(
      "segments: all pieces, in segments that begin with nothing; sliding: some pieces, with what was heard before; or both",
    ),
  limit: z.int().min(1).optional().describe("measure at most so many pieces, drawn with the seed"),
  slidingPieces: z
    .int()
    .min(1)
    .default(16)
    .describe("pieces that the sliding window is measured on, drawn with the seed"),
  seed: z.int().default(0).describe("draws the pieces, where not all of them are measured"),
  controls: z
    .boolean()
    .default(true)
    .describe("tell a conditioned model nothing of the music to come, as if it were not conditioned"),
  floors: z.boolean().default(true).describe("leave out the n-grams, which are counted in the train split"),
  device: deviceSchema,
  threads: z.int().min(1).optional().describe("threads that compute; the runtime's own choice unless given"),
});

export type EvaluateOptions = z.output<typeof evaluateSchema>;
export type EvaluateInput = z.input<typeof evaluateSchema>;
