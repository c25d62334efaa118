/** @file What music can be asked for: defaults, types and help are written here and nowhere else. */
import { z } from "zod";
import { UsageError } from "../../util/errors.ts";
import { deviceSchema } from "../device/index.ts";
import { adjustmentOptions, soundOptions } from "../render/index.ts";

const temperatureHint =
  "expected a number above 0; for the likeliest event at every step give a greedy ratio of 1 (--greedy-ratio 1)";
const seedHint =
  'expected a whole number from 0 on; for notes to begin with give --primer-pitches "60,62,64" or --primer-melody "[60,-2,62,-2,64]"';

/** How music is drawn. */
export const musicSchema = z.object({
  seconds: z
    .number()
    .gt(0)
    .max(24 * 3600)
    .optional()
    .describe("length of each piece; 30 unless a length is given. The primer counts, unless --additional"),
  events: z
    .int()
    .min(1)
    .optional()
    .describe("length in events, as the model draws them, instead: a note takes three to five"),
  notes: z.int().min(1).optional().describe("length in notes instead; the last ones ring on for a second"),
  additional: z.boolean().default(false).describe("the length comes on top of the primer"),
  temperature: z
    .number(temperatureHint)
    .gt(0, temperatureHint)
    .default(1)
    .describe("below 1 the music keeps to what is likely, above 1 it strays"),
  topK: z.int().min(1).optional().describe("draw among the k likeliest events"),
  topP: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe("draw among the likeliest events that together reach this probability"),
  minP: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("draw among the events at least this share as likely as the likeliest"),
  repetitionPenalty: z
    .number()
    .min(1)
    .optional()
    .describe("make pitches struck within the last events less likely: p becomes p ^ penalty"),
  repetitionWindow: z
    .int()
    .min(1)
    .max(4096)
    .default(64)
    .describe("how many events --repetition-penalty looks back"),
  greedyRatio: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("probability, event by event, of taking the likeliest one instead of drawing"),
  beamSize: z.int().min(1).max(256).default(1).describe("beams that are kept after each round"),
  branchFactor: z
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe("branches that each beam is drawn on to in a round"),
  stepsPerIteration: z.int().min(1).default(1).describe("events of a round"),
  grammar: z.boolean().default(true).describe("draw whatever the model says, hanging notes and all"),
  maximumNoteSeconds: z
    .number()
    .gt(0)
    .default(5)
    .describe("cut notes that last longer, as Magenta does; those of the primer keep their length"),
  primerInOutput: z
    .boolean()
    .default(true)
    .describe("leave the primer out: the music begins where the model goes on"),
  primerNotes: z.int().min(1).optional().describe("go on from the first n notes of the primer"),
  primerSeconds: z.number().gt(0).optional().describe("go on from the first seconds of the primer"),
  precision: z
    .enum(["float32", "int8"])
    .default("float32")
    .describe("what the model computes in: int8 is quicker with large models, and draws other music"),
  threads: z
    .int()
    .min(1)
    .optional()
    .describe("threads within one step; all cores for one piece at a time, unless given"),
});

export type MusicOptions = z.output<typeof musicSchema>;
export type MusicInput = z.input<typeof musicSchema>;

/** What `rubato generate` can be asked. */
export const generateSchema = z.object({
  model: z
    .string()
    .optional()
    .describe(
      'a folder with a checkpoint, a run, "last" for the newest run, or a model that ships (default: piano)',
    ),
  output: z
    .string()
    .min(1)
    .default("output")
    .describe("a .mid file, or a folder for files named <model>-<seed>-<number>.mid"),
  samples: z.int().min(1).default(1).describe("how many pieces"),
  seed: z
    .string()
    .regex(/^\d{1,16}$/, seedHint)
    .optional()
    .describe("where randomness begins, a whole number; drawn anew and printed unless given"),
  ...musicSchema.shape,
  primer: z.string().min(1).optional().describe("a file of music to go on from"),
  primerPitches: z
    .string()
    .optional()
    .describe('a chord to go on from, half a second long: "60,64,67" or "C4,E4,G4"'),
  primerMelody: z
    .string()
    .optional()
    .describe(
      'a melody to go on from, eight items a second: "[60,-2,62,-1]", where -2 holds and -1 is silence',
    ),
  batch: z
    .int()
    .min(1)
    .optional()
    .describe("pieces side by side; changes how quick it is, never the music (default: as many as cores)"),
  device: deviceSchema,
  plot: z
    .union([z.boolean(), z.string()])
    .default(false)
    .describe("a piano roll: in the terminal, or in the .svg or .png of this name"),
  wav: z
    .union([z.boolean(), z.string()])
    .default(false)
    .describe("the sound as well: beside the music, or in the .wav of this name"),
  mp3: z
    .union([z.boolean(), z.string()])
    .default(false)
    .describe("the sound as well: beside the music, or in the .mp3 of this name"),
  ...adjustmentOptions,
  ...soundOptions,
});

export type GenerateOptions = z.output<typeof generateSchema>;
export type GenerateInput = z.input<typeof generateSchema>;

/** The one length of these options. */
export function lengthOf({ seconds, events, notes }: MusicOptions) {
  const given = (["seconds", "events", "notes"] as const).flatMap((unit) => {
    const amount = { seconds, events, notes }[unit];
    return amount === undefined ? [] : [{ unit, amount }];
  });
  if (given.length > 1) {
    const names = given.map(({ unit }) => unit).join(" and ");
    throw new UsageError(
      `found a length in ${names}, expected one of seconds, events and notes: leave out the others`,
    );
  }
  return given[0] ?? { unit: "seconds" as const, amount: 30 };
}
