/** @file How evenly the twelve pitch classes are used: music in a key leaves some of them out. */
import { z } from "zod";
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

function entropyOf(counts: Float64Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce(
    (bits, count) => (count > 0 ? bits - (count / total) * Math.log2(count / total) : bits),
    0,
  );
}
