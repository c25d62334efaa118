/** @file Rhythm as played: the time from each onset to the next. */
import { z } from "zod";
import { logarithmicSeconds } from "./axis.ts";
import { distribution, logarithmicBin } from "./distribution.ts";
import { defineMetric } from "./metric.ts";

export const interOnset = defineMetric({
  name: "inter-onset",
  summary: "Seconds from each onset to the next, in bins of equal ratio",
  invariances: ["transposition", "loudness", "delay"],
  config: z.object({
    bins: z.int().min(2).default(24).describe("number of bins"),
    shortest: z.number().gt(0).default(0.005).describe("seconds; what is shorter counts in the first bin"),
    longest: z.number().gt(0).default(2).describe("seconds; what is longer counts in the last bin"),
  }),
  create: ({ bins, shortest, longest }) =>
    distribution(bins, logarithmicSeconds(shortest, longest, bins), ({ notes }, count) => {
      for (let i = 1; i < notes.count; i++) {
        count(logarithmicBin(notes.start[i] - notes.start[i - 1], shortest, longest, bins));
      }
    }),
});
