/** @file How pitches follow on one another: the interval from each note to the next in the order of onsets. */
import { z } from "zod";
import { countedAxis } from "./axis.ts";
import { distribution } from "./distribution.ts";
import { defineMetric } from "./metric.ts";
import { intervalsOf, pitchedNotes } from "./notes.ts";

export const onsetInterval = defineMetric({
  name: "onset-interval",
  summary: "Semitones from each note to the next in the order of onsets, two octaves at most",
  invariances: ["transposition", "loudness", "delay"],
  config: z.object({
    widest: z.int().min(1).default(24).describe("semitones; wider intervals count as these"),
  }),
  create: ({ widest }) =>
    distribution(
      2 * widest + 1,
      countedAxis("semitones up or down", 2 * widest + 1, 12, -widest),
      (excerpt, count) => {
        for (const interval of intervalsOf(pitchedNotes(excerpt))) count(interval + widest);
      },
    ),
});
