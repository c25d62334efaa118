/** @file What sounds together: the intervals between notes that begin at one moment, octaves left out of account. */
import { z } from "zod";
import { countedAxis } from "./axis.ts";
import { distribution } from "./distribution.ts";
import { defineMetric } from "./metric.ts";
import { chordSeconds, pitchedNotes } from "./notes.ts";

export const harmonicInterval = defineMetric({
  name: "harmonic-interval",
  summary: "Intervals between notes that begin together, octaves left out of account",
  invariances: ["transposition", "loudness", "delay"],
  config: z.object({
    seconds: z.number().min(0).default(chordSeconds).describe("how far apart two onsets are at most"),
    back: z.int().min(1).default(12).describe("how many notes back it looks at most"),
  }),
  create: ({ seconds, back }) =>
    distribution(12, countedAxis("semitones, octaves aside", 12, 1), (excerpt, count) => {
      const notes = pitchedNotes(excerpt);
      for (let i = 1; i < notes.count; i++) {
        for (let j = i - 1; j >= Math.max(0, i - back); j--) {
          if (notes.start[i] - notes.start[j] > seconds) break;
          count(Math.abs(notes.pitch[i] - notes.pitch[j]) % 12);
        }
      }
    }),
});
