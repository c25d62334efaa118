/** @file How often each of the twelve pitch classes is struck. Noise does as well as music by it. */
import { z } from "zod";
import { distribution } from "./distribution.ts";
import { defineMetric } from "./metric.ts";
import { pitchedNotes } from "./notes.ts";

export const pitchClass = defineMetric({
  name: "pitch-class",
  summary: "How often each of the twelve pitch classes is struck",
  invariances: ["tempo", "loudness", "delay"],
  config: z.object({}),
  create: () =>
    distribution(12, (excerpt, count) => {
      const { pitch } = pitchedNotes(excerpt);
      for (let i = 0; i < pitch.length; i++) count(pitch[i] % 12);
    }),
});
