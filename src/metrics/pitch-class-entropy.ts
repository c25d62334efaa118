/** @file How evenly the twelve pitch classes are used: music in a key leaves some of them out. */
import { z } from "zod";
import { entropyOf } from "../util/statistics.ts";
import { defineMetric } from "./metric.ts";
import { pitchClassCounts, pitchedNotes } from "./notes.ts";
import { value } from "./values.ts";

export const pitchClassEntropy = defineMetric({
  name: "pitch-class-entropy",
  summary:
    "Entropy of an excerpt's pitch classes in bits: 3.58 where all twelve are alike, 0 for a single one",
  invariances: ["transposition", "tempo", "loudness", "delay"],
  config: z.object({}),
  create: () => value("bits", (excerpt) => entropyOf(pitchClassCounts(pitchedNotes(excerpt)))),
});
