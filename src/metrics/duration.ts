/** @file How long notes sound, the sustain pedal included where it is folded into their ends. */
import { z } from "zod";
import { logarithmicSeconds } from "./axis.ts";
import { distribution, logarithmicBin } from "./distribution.ts";
import { defineMetric } from "./metric.ts";

export const duration = defineMetric({
  name: "duration",
  summary: "Seconds that notes last, in bins of equal ratio",
  invariances: ["transposition", "loudness", "delay"],
  config: z.object({
    bins: z.int().min(2).default(24).describe("number of bins"),
    shortest: z.number().gt(0).default(0.02).describe("seconds; what is shorter counts in the first bin"),
    longest: z.number().gt(0).default(10).describe("seconds; what is longer counts in the last bin"),
  }),
  create: ({ bins, shortest, longest }) =>
    distribution(bins, logarithmicSeconds(shortest, longest, bins), ({ notes }, count) => {
      for (let i = 0; i < notes.count; i++) {
        count(logarithmicBin(notes.end[i] - notes.start[i], shortest, longest, bins));
      }
    }),
});
