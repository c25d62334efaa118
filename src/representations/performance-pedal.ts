/** @file `performance-pedal`: as `performance`, but the pedal stays a pedal: two more classes, down and up (390). */
import { z } from "zod";
import { EventGrammarState } from "./event-grammar.ts";
import { decodeEvents, describeEvent, encodeEvents, eventLayout, eventTimeline } from "./event-stream.ts";
import { velocityOptions } from "./performance.ts";
import { checkFits, defineRepresentation } from "./representation.ts";

export const performancePedalRepresentation = defineRepresentation({
  name: "performance-pedal",
  summary: "Performance RNN's events and the sustain pedal apart; note ends are key releases",
  config: z.object(velocityOptions),
  create: ({ velocityBins, decodeVelocity, programs }) => {
    const layout = eventLayout(velocityBins, true);
    return {
      fields: [{ name: "event", size: layout.size }],
      normalise: (performance) => performance,
      encode(performance) {
        checkFits(performance, "performance-pedal", programs === "one");
        return encodeEvents(performance, layout);
      },
      decode: (tokens, options) => decodeEvents(tokens, layout, decodeVelocity, options),
      describe: (token) => describeEvent(token, layout),
      grammar: (start) => new EventGrammarState(layout, start),
      timeline: (tokens) => eventTimeline(tokens, layout),
    };
  },
});
