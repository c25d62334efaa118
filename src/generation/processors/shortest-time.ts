/**
 * @file What is foretold shorter than it may be becomes the shortest that may come, instead of being left out. A model that hears
 * a note a little too long would otherwise draw the next onset from what is much later.
 *
 * For models that foretell the fields of a step by themselves, whose tokens stand in order: what it answers is one field.
 */
import { z } from "zod";
import { logSumExp } from "../draw.ts";
import { defineProcessor } from "./processor.ts";

export const shortestTime = defineProcessor({
  name: "shortest-time",
  summary: "gives the probability of times that are too short to the shortest that may come",
  config: z.object({}),
  truncates: false,
  create: () => ({
    apply(logits, past) {
      const allowed = past.grammar?.allowed();
      if (allowed === undefined) return;
      const first = logits.findIndex((logit) => logit > Number.NEGATIVE_INFINITY);
      const least = allowed.indexOf(1, first);
      if (first < 0 || least <= first) return;
      logits[least] = logSumExp(logits.subarray(first, least + 1));
      logits.fill(Number.NEGATIVE_INFINITY, first, least);
    },
  }),
});
