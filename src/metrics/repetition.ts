/** @file How much of the melody of all voices was there before, in whatever key. */
import { z } from "zod";
import { repeatedShare } from "../music/repetition.ts";
import { defineMetric } from "./metric.ts";
import { intervalsOf, pitchedNotes } from "./notes.ts";
import { value } from "./values.ts";

export const repetition = defineMetric({
  name: "repetition",
  summary: "Share of the runs of notes that came before in the same excerpt, transposed or not",
  invariances: ["transposition", "tempo", "loudness", "delay"],
  config: z.object({
    notes: z.int().min(2).default(6).describe("notes of a run"),
  }),
  create: ({ notes }) =>
    value("share", (excerpt) => repeatedShare(intervalsOf(pitchedNotes(excerpt)), notes - 1)),
});
