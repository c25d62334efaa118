/** @file `note-density`: notes per second in the next seconds, as one of eight classes (REPRESENTATIONS 1.6). */
import { z } from "zod";
import { stepsPerSecond } from "../representations/event-stream.ts";
import { beginsMoment, defineControl } from "./control.ts";

/** A density below the first of these is of class 0; one that none of them exceeds is of class 7. */
const thresholds = [1, 2, 4, 8, 16, 32, 64];
const size = thresholds.length + 1;

export const noteDensity = defineControl({
  name: "note-density",
  summary: "Notes per second in the next 3 s, as one of eight classes",
  config: z.object({
    windowSeconds: z.number().min(0.01).max(3600).default(3).describe("seconds to look ahead"),
  }),
  create: ({ windowSeconds }) => {
    const window = Math.round(windowSeconds * stepsPerSecond);
    return {
      size,
      compute(timeline) {
        const { steps, onset } = timeline;
        const count = steps.length;
        const values = new Float32Array(count * size);
        // What is in the window: tokens from the one in hand up to, but without, `end`.
        let end = 0;
        let elapsed = 0;
        let onsets = 0;
        let classInForce = 0;
        for (let i = 0; i < count; i++) {
          if (beginsMoment(timeline, i)) {
            for (; elapsed < window && end < count; end++) {
              elapsed += steps[end];
              if (onset[end] >= 0) onsets++;
            }
            const density = elapsed === 0 ? 0 : (onsets * stepsPerSecond) / Math.min(elapsed, window);
            classInForce = densityClass(density);
          }
          values[i * size + classInForce] = 1;
          elapsed -= steps[i];
          if (onset[i] >= 0) onsets--;
        }
        return values;
      },
    };
  },
});

function densityClass(density: number): number {
  const index = thresholds.findIndex((threshold) => density < threshold);
  return index < 0 ? thresholds.length : index;
}
