/** @file `mean-velocity`: how loud the notes of the next seconds are struck on average, as one of eight classes. */
import { z } from "zod";
import { stepsPerSecond } from "../representations/event-stream.ts";
import { meanOf } from "../util/statistics.ts";
import { strikes, valuesAhead } from "./ahead.ts";
import { classOf, oneHot, readNumbers } from "./classes.ts";
import { defineControl } from "./control.ts";

/** MIDI velocities, so that MAESTRO's playing fills every class. */
const thresholds = [40, 50, 57, 64, 71, 79, 90];
const size = thresholds.length + 1;
const usual = 64;

export const meanVelocity = defineControl({
  name: "mean-velocity",
  summary: "Mean velocity of the notes struck in the next 3 s, as one of eight classes",
  option: {
    name: "meanVelocity",
    help: 'how loud: a velocity of "1" to "127", or several over the piece as in "40,100"',
  },
  config: z.object({
    windowSeconds: z.number().min(0.01).max(3600).default(3).describe("seconds to look ahead"),
  }),
  create: ({ windowSeconds }) => ({
    size,
    of: "notes",
    trial: {
      of: "level",
      levels: ["36", "45", "54", "60", "68", "75", "85", "96"],
      measure: ({ notes }) => meanOf(Array.from(notes.velocity)),
    },
    neutral: oneHot(classOf(usual, thresholds), size),
    compute(timeline) {
      const struck = strikes(timeline);
      const { velocity } = timeline;
      // A velocity holds until another is said.
      const loudness = new Uint8Array(struck.length);
      let current = 0;
      for (let i = 0; i < struck.length; i++) {
        if (velocity[i] > 0) current = velocity[i];
        loudness[i] = struck[i] * current;
      }
      return valuesAhead(
        timeline,
        Math.round(windowSeconds * stepsPerSecond),
        [loudness, struck],
        size,
        (row, { sums: [sum, notes] }) => {
          // Where nothing is struck nothing is said, and the row stays zeros.
          if (sum > 0) row[classOf(sum / notes, thresholds)] = 1;
        },
      );
    },
    read: (text) =>
      readNumbers(text, { option: "--mean-velocity", least: 1, most: 127, what: "a velocity" }).map((value) =>
        oneHot(classOf(value, thresholds), size),
      ),
  }),
});
