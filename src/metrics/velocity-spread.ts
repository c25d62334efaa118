/** @file Dynamics within an excerpt: how far velocities lie from its mean. */
import { z } from "zod";
import { defineMetric } from "./metric.ts";
import { value } from "./values.ts";

export const velocitySpread = defineMetric({
  name: "velocity-spread",
  summary: "Standard deviation of the velocities of an excerpt",
  invariances: ["transposition", "tempo", "loudness", "delay"],
  config: z.object({}),
  create: () =>
    value("velocity", ({ notes: { count, velocity } }) => {
      if (count === 0) return 0;
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < count; i++) {
        sum += velocity[i];
        squares += velocity[i] ** 2;
      }
      return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
    }),
});
