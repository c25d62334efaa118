/** @file How often keys are struck how hard. Noise does as well as music by it. */
import { z } from "zod";
import { distribution } from "./distribution.ts";
import { defineMetric } from "./metric.ts";

export const velocity = defineMetric({
  name: "velocity",
  summary: "How often keys are struck how hard, in 32 bins of four velocities",
  invariances: ["transposition", "tempo", "delay"],
  config: z.object({}),
  create: () =>
    distribution(32, ({ notes }, count) => {
      for (let i = 0; i < notes.count; i++) count((notes.velocity[i] - 1) >> 2);
    }),
});
