/** @file `step-decay`: the learning rate falls by a factor every so many steps (PyTorch's `StepLR`). */
import { z } from "zod";
import { defineSchedule, positiveRate } from "./schedule.ts";

export const stepDecay = defineSchedule({
  name: "step-decay",
  summary: "A fall by a factor every so many steps",
  config: z.object({
    learningRate: positiveRate.describe("learning rate at first"),
    every: z.int().positive().describe("steps from one fall to the next"),
    factor: z.number().positive().max(1).default(0.1).describe("share of the rate that is left after a fall"),
  }),
  create:
    ({ learningRate, every, factor }) =>
    (step) =>
      learningRate * factor ** Math.floor(step / every),
});
