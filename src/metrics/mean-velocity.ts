/** @file How loud an excerpt is. People differ in it from page to page, and models less so. */
import { z } from "zod";
import { meanOf } from "../util/statistics.ts";
import { defineMetric } from "./metric.ts";
import { value } from "./values.ts";

export const meanVelocity = defineMetric({
  name: "mean-velocity",
  summary: "Mean velocity of an excerpt",
  invariances: ["transposition", "tempo", "delay"],
  config: z.object({}),
  create: () => value("velocity", ({ notes }) => meanOf(notes.velocity)),
});
