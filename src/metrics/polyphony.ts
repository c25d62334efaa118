/** @file How many notes sound at once, and for how long, from the first onset to the last end. */
import { z } from "zod";
import { countedAxis } from "./axis.ts";
import { distribution } from "./distribution.ts";
import { defineMetric } from "./metric.ts";
import { pitchedNotes } from "./notes.ts";

export const polyphony = defineMetric({
  name: "polyphony",
  summary: "Share of the time in which so many notes sound at once",
  invariances: ["transposition", "tempo", "loudness", "delay"],
  config: z.object({
    most: z.int().min(1).default(31).describe("notes; more than these count as these"),
  }),
  create: ({ most }) =>
    distribution(most + 1, countedAxis("notes at once", most + 1, 5), (excerpt, count) => {
      const { start, end, count: notes } = pitchedNotes(excerpt);
      const ends = Float64Array.from(end).sort();
      let begun = 0;
      let ended = 0;
      for (let now = start[0]; ended < notes; ) {
        const isEnd = begun === notes || ends[ended] <= start[begun];
        const then = isEnd ? ends[ended] : start[begun];
        if (then > now) count(begun - ended, then - now);
        now = Math.max(now, then);
        if (isEnd) ended++;
        else begun++;
      }
    }),
});
