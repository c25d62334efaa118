/** @file How many notes are struck in a second. */
import { z } from "zod";
import { defineMetric } from "./metric.ts";
import { value } from "./values.ts";

export const density = defineMetric({
  name: "density",
  summary: "Notes per second of an excerpt, from its first onset to its last, over a second at least",
  invariances: ["transposition", "loudness", "delay"],
  config: z.object({}),
  create: () =>
    value("notes/s", ({ notes: { count, start } }) =>
      count > 0 ? count / Math.max(1, start[count - 1] - start[0]) : 0,
    ),
});
