/** @file How music is drawn, and how long it is: what a model can be asked as a library, too. */
import { z } from "zod";
import { UsageError } from "../../util/errors.ts";
import { steeringOptions } from "./control-options.ts";

const temperatureHint =
  "expected a number above 0; for the likeliest event at every step give a greedy ratio of 1 (--greedy-ratio 1)";

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
    .default(0.9)
    .describe("1 draws as the model has learnt, below it keeps to what is likely, above it strays"),
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
  longestRest: z
    .number()
    .refine((seconds) => seconds === 0 || seconds >= 1, "expected 0, or a second at least")
    .default(4)
    .describe("seconds from one onset to the next at most; 0 for no limit"),
  mostTurns: z
    .int()
    .min(0)
    .default(4)
    .describe("how often the same eight pitches may come one time right after the other; 0 for no limit"),
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
  ...steeringOptions,
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

/**
 * The one length of these options.
 *
 * @param usual seconds, where none is given
 */
export function lengthOf({ seconds, events, notes }: MusicOptions, usual = 30) {
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
  return given[0] ?? { unit: "seconds" as const, amount: usual };
}
