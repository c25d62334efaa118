/** @file `note-density`: notes per second in the next seconds, as one of eight classes (REPRESENTATIONS 1.6). */
import { stepsPerSecond } from "../representations/event-stream.ts";
import { strikes } from "./ahead.ts";
import { defineLevel } from "./level.ts";

export const noteDensity = defineLevel({
  name: "note-density",
  summary: "Notes per second in the next 3 s, as one of eight classes",
  option: {
    name: "density",
    help: 'notes per second: "8", or several over the piece as in "2,8,2"; it hears classes that begin at 0, 1, 2, 4, 8, 16, 32 and 64',
  },
  range: { what: "notes per second", least: 0, most: 1000 },
  thresholds: [1, 2, 4, 8, 16, 32, 64],
  // Magenta's.
  usual: 15,
  columns: (timeline) => [strikes(timeline)],
  value: ({ elapsed, sums: [notes] }) => (elapsed === 0 ? 0 : (notes * stepsPerSecond) / elapsed),
  levels: ["1.5", "3", "6", "12", "24"],
  measure: ({ notes, duration }) => (notes.count === 0 ? 0 : notes.count / Math.max(duration, 1)),
});
