/** @file Whether music comes back to what it said: how alike the pitch classes of stretches are that lie so far apart. */
import { z } from "zod";
import { meanOf } from "../util/statistics.ts";
import { defineMetric } from "./metric.ts";
import { pitchClassCounts, pitchedNotes } from "./notes.ts";
import { values } from "./values.ts";

/** Stretches from one to the other. */
const lags = [1, 2, 4, 8] as const;

export const selfSimilarity = defineMetric({
  name: "self-similarity",
  summary: "Cosine between the pitch classes of stretches that lie 1, 2, 4 and 8 stretches apart",
  invariances: ["transposition", "tempo", "loudness", "delay"],
  config: z.object({
    notes: z.int().min(1).default(32).describe("notes of a stretch"),
  }),
  create: ({ notes: size }) =>
    values("cosine", lags.length, (excerpt) => {
      const notes = pitchedNotes(excerpt);
      const stretches = Array.from({ length: Math.floor(notes.count / size) }, (_, i) =>
        pitchClassCounts(notes, i * size, (i + 1) * size),
      );
      return lags.map((lag) =>
        meanOf(stretches.slice(lag).map((stretch, i) => cosine(stretch, stretches[i]))),
      );
    }),
});

function cosine(a: Float64Array, b: Float64Array): number {
  const product = (x: Float64Array, y: Float64Array) => x.reduce((sum, each, i) => sum + each * y[i], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
