/**
 * @file Makes pitches that were struck lately less likely to be struck again.
 *
 * Source: Keskar et al. 2019 (CTRL), section 4.1, which divides a positive logit by the penalty. Logits mean the same when a
 * constant is added to all of them, their signs do not: so the penalty is applied to log-probabilities, which are never
 * positive. A probability p becomes p ^ penalty, before all are scaled to sum to 1 again. Releases, shifts of time and
 * velocities are left alone: notes have to end however often.
 */
import { z } from "zod";
import { logSumExp } from "../draw.ts";
import { longestLookBack } from "../past.ts";
import { defineProcessor } from "./processor.ts";

export const repetitionPenalty = defineProcessor({
  name: "repetition-penalty",
  summary: "makes pitches that were struck lately less likely: p becomes p ^ penalty",
  config: z.object({
    penalty: z.number().min(1).default(1.1).describe("1 changes nothing; 1.2 is much"),
    window: z
      .int()
      .min(1)
      .max(longestLookBack)
      .default(64)
      .describe("how many of the last events are looked back on"),
  }),
  truncates: false,
  create({ penalty, window }, { onset }) {
    const isPunished = new Uint8Array(128);
    return {
      apply(logits, past) {
        const total = logSumExp(logits);
        isPunished.fill(0);
        for (let by = Math.min(window, past.length) - 1; by >= 0; by--) {
          const pitch = onset[past.back(by)];
          if (pitch >= 0) isPunished[pitch] = 1;
        }
        // A pitch may have several tokens: with times, say.
        for (let token = 0; token < logits.length; token++) {
          if (onset[token] < 0 || isPunished[onset[token]] === 0) continue;
          logits[token] = total + (logits[token] - total) * penalty;
        }
      },
    };
  },
});
