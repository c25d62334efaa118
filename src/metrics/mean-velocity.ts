/** @file How loud an excerpt is. People differ in it from page to page, and models less so. */
import { z } from "zod";
import { defineMetric } from "./metric.ts";
import { value } from "./values.ts";

export const meanVelocity = defineMetric({
  name: "mean-velocity",
  summary: "Mean velocity of an excerpt",
  invariances: ["transposition", "tempo", "delay"],
  config: z.object({}),
  create: () => value("velocity", ({ notes }) => meanOf(Array.from(notes.velocity))),
});

function meanOf(numbers: readonly number[]): number {
  return numbers.length > 0 ? numbers.reduce((sum, each) => sum + each, 0) / numbers.length : 0;
}
