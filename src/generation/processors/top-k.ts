/** @file Keeps the k likeliest tokens (Fan et al. 2018). */
import { z } from "zod";
import { keepLargest } from "./keep-largest.ts";
import { defineProcessor } from "./processor.ts";

export const topK = defineProcessor({
  name: "top-k",
  summary: "keeps the k likeliest events",
  config: z.object({ k: z.int().min(1).default(40).describe("how many") }),
  truncates: true,
  create({ k }, { size }) {
    const ascending = new Float32Array(size);
    return {
      apply(logits) {
        ascending.set(logits);
        ascending.sort();
        keepLargest(logits, ascending, k);
      },
    };
  },
});
