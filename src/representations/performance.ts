/** @file `performance`: the 388 (or 356) classes of Magenta's Performance RNN, sustain folded into note ends. */
import { z } from "zod";
import type { Performance } from "../music/performance.ts";
import { foldSustain } from "../music/sustain.ts";
import { EventGrammarState } from "./event-grammar.ts";
import { decodeEvents, describeEvent, encodeEvents, eventLayout, eventTimeline } from "./event-stream.ts";
import { checkFits, defineRepresentation } from "./representation.ts";

export const velocityOptions = {
  velocityBins: z
    .union([z.literal(32), z.literal(0)])
    .default(32)
    .describe("32 velocity classes, or 0 for none"),
  decodeVelocity: z
    .enum(["centre", "floor"])
    .default("centre")
    .describe("velocity that a bin stands for: its centre, or its floor as in Magenta's code"),
  programs: z
    .enum(["one", "merge"])
    .default("one")
    .describe("refuse music of several programs as Magenta does, or merge them into one instrument"),
};

export const performanceRepresentation = defineRepresentation({
  name: "performance",
  summary: "Performance RNN's events: note-on, note-off, time-shift, velocity; sustain folded in",
  config: z.object({
    ...velocityOptions,
    sustain: z.boolean().default(true).describe("fold the sustain pedal into note ends"),
  }),
  create: ({ velocityBins, decodeVelocity, programs, sustain }) => {
    const layout = eventLayout(velocityBins, false);
    const normalise = (performance: Performance) => (sustain ? foldSustain(performance) : performance);
    return {
      fields: [{ name: "event", size: layout.size }],
      normalise,
      encode(performance) {
        checkFits(performance, "performance", programs === "one");
        return encodeEvents(normalise(performance), layout);
      },
      decode: (tokens, options) => decodeEvents(tokens, layout, decodeVelocity, options),
      describe: (token) => describeEvent(token, layout),
      grammar: (start) => new EventGrammarState(layout, start),
      timeline: (tokens) => eventTimeline(tokens, layout),
    };
  },
});
