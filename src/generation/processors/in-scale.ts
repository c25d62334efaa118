/** @file Only notes of a scale: what lies outside is never struck. */
import { z } from "zod";
import { defineProcessor } from "./processor.ts";

export const inScale = defineProcessor({
  name: "in-scale",
  summary: "rules out notes whose pitch class is not among the given ones",
  config: z.object({
    pitchClasses: z
      .array(z.int().min(0).max(11))
      .min(1)
      .default([0, 2, 4, 5, 7, 9, 11])
      .describe("pitch classes that may be struck, 0 for C to 11 for B"),
  }),
  truncates: false,
  create({ pitchClasses }, { onset, steps, drums }) {
    const isInside = (pitch: number) => pitchClasses.includes(pitch % 12);
    const highest = Array.from(onset).reduce(
      (most, pitch) => (isInside(pitch) ? Math.max(most, pitch) : most),
      -1,
    );
    // Nor one that a chord would have to rise from: above the highest of the scale there is nothing.
    const isOutside = Uint8Array.from(onset, (pitch, token) =>
      pitch >= 0 && (!isInside(pitch) || (pitch === highest && steps[token] === 0)) ? 1 : 0,
    );
    return {
      apply(logits, past) {
        if (past.length > 0 && drums?.[past.back(0)] === 1) return;
        // Above a chord that a primer left open there may be none of the scale: then any will do.
        if (!logits.some((logit, token) => logit > Number.NEGATIVE_INFINITY && isOutside[token] === 0))
          return;
        for (let token = 0; token < logits.length; token++) {
          if (isOutside[token] === 1) logits[token] = Number.NEGATIVE_INFINITY;
        }
      },
    };
  },
});
