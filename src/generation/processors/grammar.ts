/** @file Rules out what the grammar of the representation does not allow: no hanging note, no release of a silent key. */
import { z } from "zod";
import { defineProcessor } from "./processor.ts";

export const grammar = defineProcessor({
  name: "grammar",
  summary: "rules out what the representation's grammar does not allow",
  config: z.object({}),
  truncates: false,
  create: () => ({
    apply(logits, past) {
      const allowed = past.grammar?.allowed();
      if (allowed === undefined) return;
      for (let i = 0; i < logits.length; i++) if (allowed[i] === 0) logits[i] = Number.NEGATIVE_INFINITY;
    },
  }),
});
