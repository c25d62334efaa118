/** @file Keeps the likeliest tokens that together reach the probability p (Holtzman et al. 2020). */
import { z } from "zod";
import { logSumExp } from "../draw.ts";
import { keepLargest } from "./keep-largest.ts";
import { defineProcessor } from "./processor.ts";

export const topP = defineProcessor({
  name: "top-p",
  summary: "keeps the likeliest events that together reach the probability p; the likeliest one always",
  config: z.object({ p: z.number().gt(0).max(1).default(0.95).describe("their probability, 1 for all") }),
  truncates: true,
  create({ p }, { size }) {
    const ascending = new Float32Array(size);
    return {
      apply(logits) {
        if (p === 1) return;
        const total = logSumExp(logits);
        ascending.set(logits);
        ascending.sort();
        let count = 0;
        for (let sum = 0; count < size && sum < p; count++) {
          sum += Math.exp(ascending[size - 1 - count] - total);
        }
        keepLargest(logits, ascending, Math.max(1, count));
      },
    };
  },
});
