/** @file The configurations in which each representation has to keep its laws. A new one brings its own line. */
import type { RepresentationName } from "../../src/representations/index.ts";

export const configurations: Readonly<Record<RepresentationName, readonly object[]>> = {
  performance: [
    {},
    { velocityBins: 0 },
    { decodeVelocity: "floor" },
    { sustain: false },
    { programs: "merge" },
  ],
  "performance-pedal": [{}, { velocityBins: 0 }, { decodeVelocity: "floor" }, { programs: "merge" }],
  notes: [{}, { grid: "linear" }, { sustain: false }, { programs: "merge" }],
  "note-tuple": [{}, { decodeVelocity: "floor", sustain: false, programs: "merge" }],
  multitrack: [{}, { sustain: false }],
  pitches: [{}, { tempo: 173 }, { velocity: 1 }, { programs: "merge" }],
  melody: [{}, { voice: "bottom", velocity: 1 }, { programs: "merge" }],
};
