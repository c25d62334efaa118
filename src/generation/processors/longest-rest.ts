/**
 * @file No silence without end: time moves on only so far after the last onset, and then something has to be struck.
 *
 * A model that once drew a long rest has heard hardly anything but rests lately, and draws more of them.
 */
import { z } from "zod";
import { stepsPerSecond } from "../meter.ts";
import { defineProcessor } from "./processor.ts";

export const longestRest = defineProcessor({
  name: "longest-rest",
  summary: "rules out what moves time on further than so many seconds after the last onset",
  config: z.object({
    seconds: z.number().min(1).default(4).describe("from one onset to the next, at most"),
  }),
  truncates: false,
  create({ seconds }, { onset, steps }) {
    const most = Math.round(seconds * stepsPerSecond);
    return {
      apply(logits, past) {
        let left = most;
        for (let by = 0; by < past.length && left > 0; by++) {
          const token = past.back(by);
          left -= steps[token];
          if (onset[token] >= 0) break;
        }
        // The time of a token that strikes is counted from its own onset.
        const isTooFar = (token: number) => steps[token] > Math.max(0, onset[token] >= 0 ? most : left);
        // Where nothing but time may come, it comes.
        if (!logits.some((logit, token) => logit > Number.NEGATIVE_INFINITY && !isTooFar(token))) return;
        for (let token = 0; token < logits.length; token++) {
          if (isTooFar(token)) logits[token] = Number.NEGATIVE_INFINITY;
        }
      },
    };
  },
});
