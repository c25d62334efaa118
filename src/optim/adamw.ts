/** @file `adamw`: Adam with decay of the weights themselves rather than an L2 penalty (Loshchilov & Hutter 2019). */
import { z } from "zod";
import { adamRule, momentOptions } from "./adam-rule.ts";
import { decayed } from "./decay.ts";
import { defineOptimiser } from "./optimiser.ts";

export const adamw = defineOptimiser({
  name: "adamw",
  summary: "AdamW: Adam with decoupled weight decay",
  config: z.object({
    ...momentOptions(0.999),
    weightDecay: z
      .number()
      .min(0)
      .default(0.01)
      .describe("share of a weight lost per step, times learning rate"),
    decayed,
  }),
  create: (config) => adamRule(config, "decoupled"),
});
