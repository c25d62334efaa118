/** @file `note-density`: notes per second in the next seconds, as one of eight classes (REPRESENTATIONS 1.6). */
import { z } from "zod";
import { stepsPerSecond } from "../representations/event-stream.ts";
import { strikes, valuesAhead } from "./ahead.ts";
import { classOf, oneHot, readNumbers } from "./classes.ts";
import { defineControl } from "./control.ts";

const thresholds = [1, 2, 4, 8, 16, 32, 64];
const size = thresholds.length + 1;
/** Magenta's, where nothing is said. */
const usual = 15;

export const noteDensity = defineControl({
  name: "note-density",
  summary: "Notes per second in the next 3 s, as one of eight classes",
  option: {
    name: "density",
    help: 'notes per second: "8", or several over the piece as in "2,8,2"; it hears classes that begin at 0, 1, 2, 4, 8, 16, 32 and 64',
  },
  config: z.object({
    windowSeconds: z.number().min(0.01).max(3600).default(3).describe("seconds to look ahead"),
  }),
  create: ({ windowSeconds }) => ({
    size,
    of: "notes",
    trial: {
      of: "level",
      levels: ["1.5", "3", "6", "12", "24"],
      measure: ({ notes, duration }) => (notes.count === 0 ? 0 : notes.count / Math.max(duration, 1)),
    },
    neutral: oneHot(classOf(usual, thresholds), size),
    compute: (timeline) =>
      valuesAhead(
        timeline,
        Math.round(windowSeconds * stepsPerSecond),
        [strikes(timeline)],
        size,
        (row, { elapsed, sums }) => {
          const density = elapsed === 0 ? 0 : (sums[0] * stepsPerSecond) / elapsed;
          row[classOf(density, thresholds)] = 1;
        },
      ),
    read: (text) =>
      readNumbers(text, { option: "--density", least: 0, most: 1000, what: "notes per second" }).map(
        (value) => oneHot(classOf(value, thresholds), size),
      ),
  }),
});
