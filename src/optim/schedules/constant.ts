/** @file `constant`: the same learning rate for every step. */
import { z } from "zod";
import { defineSchedule, positiveRate } from "./schedule.ts";

export const constant = defineSchedule({
  name: "constant",
  summary: "The same learning rate for every step",
  config: z.object({ learningRate: positiveRate.describe("learning rate") }),
  create:
    ({ learningRate }) =>
    () =>
      learningRate,
});
