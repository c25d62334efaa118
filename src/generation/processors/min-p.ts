/** @file Keeps the tokens that are at least a share as likely as the likeliest (Nguyen et al. 2024). */
import { z } from "zod";
import { likeliest } from "../draw.ts";
import { defineProcessor } from "./processor.ts";

export const minP = defineProcessor({
  name: "min-p",
  summary: "keeps the events that are at least a share as likely as the likeliest one",
  config: z.object({ p: z.number().min(0).max(1).default(0.05).describe("the share, 0 for all") }),
  truncates: true,
  create: ({ p }) => ({
    apply(logits) {
      const least = logits[likeliest(logits)] + Math.log(p);
      for (let i = 0; i < logits.length; i++) if (logits[i] < least) logits[i] = Number.NEGATIVE_INFINITY;
    },
  }),
});
