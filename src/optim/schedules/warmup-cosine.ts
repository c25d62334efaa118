/**
 * @file `warmup-cosine`: a straight rise to the peak, half a cosine down to a floor, then the floor.
 *
 * Sources: Goyal et al., "Accurate, large minibatch SGD" (2017) for the rise; Loshchilov & Hutter, "SGDR: stochastic
 * gradient descent with warm restarts" (ICLR 2017) for the fall, here without restarts.
 */
import { z } from "zod";
import { ConfigError } from "../../util/errors.ts";
import { defineSchedule, positiveRate } from "./schedule.ts";

export const warmupCosine = defineSchedule({
  name: "warmup-cosine",
  summary: "Linear warm-up, then a cosine down to a floor",
  config: z.object({
    learningRate: positiveRate.describe("highest learning rate, reached after the warm-up"),
    steps: z.int().positive().describe("steps until the floor is reached, warm-up included"),
    warmUpSteps: z.int().min(0).default(0).describe("steps with a rising learning rate"),
    finalShare: z.number().min(0).max(1).default(0.1).describe("floor, as a share of the highest rate"),
  }),
  create: ({ learningRate, steps, warmUpSteps, finalShare }) => {
    if (warmUpSteps > steps) {
      throw new ConfigError(
        `schedule warmup-cosine: found a warm-up of ${warmUpSteps} steps, expected no more than all ${steps} together`,
        ["warmUpSteps"],
      );
    }
    const floor = learningRate * finalShare;
    return (step) => {
      // One more above and below, so that the first step moves at all and the peak comes once.
      if (step < warmUpSteps) return (learningRate * (step + 1)) / (warmUpSteps + 1);
      if (step >= steps) return floor;
      const progress = (step - warmUpSteps) / (steps - warmUpSteps);
      return floor + ((learningRate - floor) * (1 + Math.cos(Math.PI * progress))) / 2;
    };
  },
});
