/** @file How often each of the twelve pitch classes is struck. Noise does as well as music by it. */
import { z } from "zod";
import { namedAxis } from "./axis.ts";
import { distribution } from "./distribution.ts";
import { defineMetric } from "./metric.ts";
import { pitchedNotes } from "./notes.ts";

const pitchClasses = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];

export const pitchClass = defineMetric({
  name: "pitch-class",
  summary: "How often each of the twelve pitch classes is struck",
  invariances: ["tempo", "loudness", "delay"],
  config: z.object({}),
  create: () =>
    distribution(12, namedAxis("pitch class", pitchClasses), (excerpt, count) => {
      const { pitch } = pitchedNotes(excerpt);
      for (let i = 0; i < pitch.length; i++) count(pitch[i] % 12);
    }),
});
