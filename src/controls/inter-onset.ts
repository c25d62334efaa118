/**
 * @file `inter-onset`: how fast the music moves: the mean time from one moment to the next in the coming seconds, as one
 * of eight classes. Performances have no beat that a tempo could be read from; this is the level of it that one hears.
 */
import type { Performance } from "../music/index.ts";
import { stepsPerSecond } from "../representations/event-stream.ts";
import type { Timeline } from "../representations/index.ts";
import { defineLevel } from "./level.ts";

/** Fingers strike a chord within so many steps: its notes are one moment. */
const chordSteps = 3;

export const interOnset = defineLevel({
  name: "inter-onset",
  summary: "Mean seconds from one moment to the next in the next 3 s (tempo), as one of eight classes",
  option: {
    name: "interOnset",
    help: 'seconds from one moment to the next, chords being one: "0.15", or several over the piece as in "0.4,0.1"',
  },
  range: { what: "seconds", least: 0.01, most: 10 },
  // Seconds, a factor of about √2 apart: MAESTRO's pianists spend most of their time between 0.1 and 0.3.
  thresholds: [0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.8],
  usual: 0.17,
  columns: (timeline) => [moments(timeline)],
  value: ({ elapsed, sums: [count] }) =>
    count === 0 ? Number.POSITIVE_INFINITY : elapsed / stepsPerSecond / count,
  levels: ["0.085", "0.12", "0.17", "0.24", "0.34", "0.6"],
  measure: meanInterval,
});

/** Mean seconds from one moment to the next. */
function meanInterval({ notes: { count, start }, duration }: Performance): number {
  let moments = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    // Half a step of grace: times are on a grid that binary fractions miss.
    if (start[i] - last < (chordSteps + 0.5) / stepsPerSecond) continue;
    moments++;
    last = start[i];
  }
  return duration / Math.max(1, moments);
}

/** 1 where a note begins a moment: the first one, and each that is struck later than a chord is. */
function moments({ steps, onset }: Timeline): Uint8Array {
  const begins = new Uint8Array(steps.length);
  let since = Number.POSITIVE_INFINITY;
  for (let i = 0; i < begins.length; i++) {
    if (onset[i] >= 0 && since > chordSteps) {
      begins[i] = 1;
      since = 0;
    }
    since += steps[i];
  }
  return begins;
}
