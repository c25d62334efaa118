import { expect, test } from "vitest";
import { createPerformance } from "../music/performance.ts";
import { meanVelocities, onsetCounts, pedalDepth } from "./columns.ts";

const performance = createPerformance({
  notes: [0, 0.5, 1, 4].map((start) => ({ start, end: start, pitch: 60, velocity: 60 })),
  pedals: [
    { time: 0.5, controller: 64, value: 127 },
    { time: 2, controller: 64, value: 0 },
    { time: 1, controller: 64, value: 127, channel: 3 },
    { time: 3, controller: 64, value: 0, channel: 3 },
    { time: 1, controller: 67, value: 0 },
  ],
});

test("pedals are averaged over columns, and the deepest channel counts", () => {
  expect(pedalDepth(performance, 64, { from: 0, to: 4 }, 4)).toEqual([0.5, 1, 1, 0]);
  expect(pedalDepth(performance, 64, { from: 0.25, to: 0.75 }, 2)).toEqual([0, 1]);
  expect(pedalDepth(performance, 64, { from: 3.5, to: 4 }, 1)).toEqual([0]);
});

test("a pedal that is never touched has no depth", () => {
  expect(pedalDepth(performance, 66, { from: 0, to: 4 }, 4)).toBeUndefined();
  expect(pedalDepth(performance, 67, { from: 0, to: 4 }, 4)).toBeUndefined();
});

test("onsets are counted, with the last instant in the last column", () => {
  expect(onsetCounts(performance, { from: 0, to: 4 }, 4)).toEqual([2, 1, 0, 1]);
});

test("velocities are averaged over the notes that begin in a column", () => {
  const swell = createPerformance({
    notes: [40, 60, 80, 100].map((velocity, i) => ({ start: i / 2, end: 4, pitch: 60, velocity })),
  });
  expect(meanVelocities(swell, { from: 0, to: 4 }, 4)).toEqual([50, 90, 0, 0]);
  expect(meanVelocities(swell, { from: 1, to: 1.5 }, 1)).toEqual([90]);
});
