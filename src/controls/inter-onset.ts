/**
 * @file `inter-onset`: how fast the music moves: the mean time from one moment to the next in the coming seconds, as one
 * of eight classes. Performances have no beat that a tempo could be read from; this is the level of it that one hears.
 */
import { z } from "zod";
import type { Performance } from "../music/index.ts";
import { stepsPerSecond } from "../representations/event-stream.ts";
import type { Timeline } from "../representations/index.ts";
import { valuesAhead } from "./ahead.ts";
import { classOf, oneHot, readNumbers } from "./classes.ts";
import { defineControl } from "./control.ts";

/** Seconds, a factor of about √2 apart: MAESTRO's pianists spend most of their time between 0.1 and 0.3. */
const thresholds = [0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.8];
const size = thresholds.length + 1;
const usual = 0.17;
/** Fingers strike a chord within so many steps: its notes are one moment. */
const chordSteps = 3;

export const interOnset = defineControl({
  name: "inter-onset",
  summary: "Mean seconds from one moment to the next in the next 3 s (tempo), as one of eight classes",
  option: {
    name: "interOnset",
    help: 'seconds from one moment to the next, chords being one: "0.15", or several over the piece as in "0.4,0.1"',
  },
  config: z.object({
    windowSeconds: z.number().min(0.01).max(3600).default(3).describe("seconds to look ahead"),
  }),
  create: ({ windowSeconds }) => ({
    size,
    of: "notes",
    trial: { of: "level", levels: ["0.085", "0.12", "0.17", "0.24", "0.34", "0.6"], measure: meanInterval },
    neutral: oneHot(classOf(usual, thresholds), size),
    compute: (timeline) =>
      valuesAhead(
        timeline,
        Math.round(windowSeconds * stepsPerSecond),
        [moments(timeline)],
        size,
        (row, { elapsed, sums }) => {
          const seconds = sums[0] === 0 ? Number.POSITIVE_INFINITY : elapsed / stepsPerSecond / sums[0];
          row[classOf(seconds, thresholds)] = 1;
        },
      ),
    read: (text) =>
      readNumbers(text, { option: "--inter-onset", least: 0.01, most: 10, what: "seconds" }).map((value) =>
        oneHot(classOf(value, thresholds), size),
      ),
  }),
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
