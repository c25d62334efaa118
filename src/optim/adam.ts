/** @file `adam`: steps scaled by running moments of the gradient (Kingma & Ba 2015). Decay, if any, is an L2 penalty. */
import { z } from "zod";
import { adamRule, momentOptions } from "./adam-rule.ts";
import { decayed } from "./decay.ts";
import { defineOptimiser } from "./optimiser.ts";

export const adam = defineOptimiser({
  name: "adam",
  summary: "Adam: steps scaled by running moments of the gradient",
  config: z.object({
    ...momentOptions(0.999),
    weightDecay: z.number().min(0).default(0).describe("L2 penalty, added to the gradient"),
    decayed,
  }),
  create: (config) => adamRule(config, "coupled"),
});
