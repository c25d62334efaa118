/** @file How far an excerpt keeps to one scale: the share of its notes that the best of the twelve diatonic scales has. */
import { z } from "zod";
import { defineMetric } from "./metric.ts";
import { pitchClassCounts, pitchedNotes } from "./notes.ts";
import { value } from "./values.ts";

/** Semitones above the tonic of a major scale; natural minor is the same scale from its sixth on. */
const diatonic: readonly number[] = [0, 2, 4, 5, 7, 9, 11];

export const scaleConsistency = defineMetric({
  name: "scale-consistency",
  summary: "Share of an excerpt's notes that lie in the diatonic scale which has most of them; 1 for silence",
  invariances: ["transposition", "tempo", "loudness", "delay"],
  config: z.object({}),
  create: () =>
    value("share", (excerpt) => {
      const notes = pitchedNotes(excerpt);
      if (notes.count === 0) return 1;
      const counts = pitchClassCounts(notes);
      const inScale = (tonic: number) => diatonic.reduce((sum, step) => sum + counts[(tonic + step) % 12], 0);
      return Math.max(...counts.map((_, tonic) => inScale(tonic))) / notes.count;
    }),
});
