/** @file Divides the logits: below 1 what is likely becomes likelier, above 1 all becomes more alike. */
import { z } from "zod";
import { defineProcessor } from "./processor.ts";

export const temperature = defineProcessor({
  name: "temperature",
  summary: "divides the logits: below 1 what is likely becomes likelier, above 1 all becomes more alike",
  config: z.object({
    temperature: z
      .number()
      .gt(0, "expected a number above 0; for the likeliest event at every step give --greedy-ratio 1")
      .default(1)
      .describe("1 is what the model has learnt"),
  }),
  truncates: false,
  create: ({ temperature: divisor }) => ({
    apply(logits) {
      if (divisor === 1) return;
      // The largest becomes 0 first, so that no temperature makes a number too large.
      let most = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < logits.length; i++) if (logits[i] > most) most = logits[i];
      for (let i = 0; i < logits.length; i++) logits[i] = (logits[i] - most) / divisor;
    },
  }),
});
