/** @file `mean-velocity`: how loud the notes of the next seconds are struck on average, as one of eight classes. */
import type { Timeline } from "../representations/index.ts";
import { meanOf } from "../util/statistics.ts";
import { strikes } from "./ahead.ts";
import { defineLevel } from "./level.ts";

export const meanVelocity = defineLevel({
  name: "mean-velocity",
  summary: "Mean velocity of the notes struck in the next 3 s, as one of eight classes",
  option: {
    name: "meanVelocity",
    help: 'how loud: a velocity of "1" to "127", or several over the piece as in "40,100"',
  },
  range: { what: "a velocity", least: 1, most: 127 },
  // MIDI velocities, so that MAESTRO's playing fills every class.
  thresholds: [40, 50, 57, 64, 71, 79, 90],
  usual: 64,
  columns(timeline) {
    const struck = strikes(timeline);
    return [loudnessOf(timeline, struck), struck];
  },
  // Where nothing is struck nothing is said.
  value: ({ sums: [loudness, notes] }) => (loudness > 0 ? loudness / notes : undefined),
  levels: ["36", "45", "54", "60", "68", "75", "85", "96"],
  measure: ({ notes }) => meanOf(notes.velocity),
});

/** The velocity of each token that strikes a key: one holds until another is said. */
function loudnessOf({ velocity }: Timeline, struck: Uint8Array): Uint8Array {
  const loudness = new Uint8Array(struck.length);
  let current = 0;
  for (let i = 0; i < struck.length; i++) {
    if (velocity[i] > 0) current = velocity[i];
    loudness[i] = struck[i] * current;
  }
  return loudness;
}
