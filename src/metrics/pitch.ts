/** @file How often each key of the piano is struck. Noise does as well as music by it. */
import { z } from "zod";
import { countedAxis } from "./axis.ts";
import { distribution } from "./distribution.ts";
import { defineMetric } from "./metric.ts";
import { pitchedNotes } from "./notes.ts";

/** A0, and how many keys there are from it on. */
const lowest = 21;
const keys = 88;

export const pitch = defineMetric({
  name: "pitch",
  summary: "How often each of the 88 keys of a piano is struck; what lies beyond counts at its ends",
  invariances: ["tempo", "loudness", "delay"],
  config: z.object({}),
  create: () =>
    distribution(
      keys,
      countedAxis("key, as MIDI counts: 60 is middle C", keys, 12, lowest),
      (excerpt, count) => {
        const notes = pitchedNotes(excerpt);
        for (let i = 0; i < notes.count; i++) count(notes.pitch[i] - lowest);
      },
    ),
});
