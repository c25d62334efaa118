/** @file Phrasing: how much harder or softer than the note before each note is struck. */
import { z } from "zod";
import { countedAxis } from "./axis.ts";
import { distribution } from "./distribution.ts";
import { defineMetric } from "./metric.ts";

export const velocityChange = defineMetric({
  name: "velocity-change",
  summary: "Velocity of each note less that of the note before",
  invariances: ["transposition", "tempo", "loudness", "delay"],
  config: z.object({
    widest: z.int().min(1).default(20).describe("larger changes count as this"),
  }),
  create: ({ widest }) =>
    distribution(
      2 * widest + 1,
      countedAxis("change of velocity", 2 * widest + 1, 10, -widest),
      ({ notes }, count) => {
        for (let i = 1; i < notes.count; i++) count(notes.velocity[i] - notes.velocity[i - 1] + widest);
      },
    ),
});
