/** @file How often keys are struck how hard. Noise does as well as music by it. */
import { z } from "zod";
import type { BinAxis } from "./axis.ts";
import { distribution } from "./distribution.ts";
import { defineMetric } from "./metric.ts";

/** Four velocities to a bin, from 1 on. */
const velocities: BinAxis = {
  label: "velocity",
  ticks: [1, 32, 64, 96, 127].map((velocity) => ({ at: (velocity - 1) / 4, label: `${velocity}` })),
};

export const velocity = defineMetric({
  name: "velocity",
  summary: "How often keys are struck how hard, in 32 bins of four velocities",
  invariances: ["transposition", "tempo", "delay"],
  config: z.object({}),
  create: () =>
    distribution(32, velocities, ({ notes }, count) => {
      for (let i = 0; i < notes.count; i++) count((notes.velocity[i] - 1) >> 2);
    }),
});
