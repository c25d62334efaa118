/** @file How much of the time the sustain pedal is down: only where pedals were kept beside the notes. */
import { z } from "zod";
import { pedalsUseOf } from "../music/sounding.ts";
import { defineMetric } from "./metric.ts";
import { value } from "./values.ts";

export const pedalUse = defineMetric({
  name: "pedal-use",
  summary: "Share of the time in which the sustain pedal is down; 0 where pedals are folded into note ends",
  invariances: ["transposition", "tempo", "loudness"],
  config: z.object({}),
  create: () => value("share", (excerpt) => pedalsUseOf(excerpt).sustain.downShare),
});
