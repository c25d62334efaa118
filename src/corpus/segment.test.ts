/** @file Segments: what belongs to which, and what is carried over a cut. */
import { describe, expect, it } from "vitest";
import { createPerformance, notesOf, pedalsOf } from "../music/index.ts";
import { splitPerformance } from "./segment.ts";

const note = (start: number, end: number) => ({ start, end, pitch: 60, velocity: 80 });
const times = (performance: Parameters<typeof notesOf>[0]) =>
  [...notesOf(performance)].map(({ start, end }) => [start, end]);

describe("segments", () => {
  it("hold the notes that begin in them, cut at their end, from 0 on", () => {
    const performance = createPerformance({
      notes: [note(1, 2), note(29.5, 31), note(30, 30.5), note(61, 62)],
    });
    expect(splitPerformance(performance, 30).map(times)).toEqual([
      [
        [1, 2],
        [29.5, 30],
      ],
      [[0, 0.5]],
      [[1, 2]],
    ]);
  });

  it("without notes are left out", () => {
    expect(splitPerformance(createPerformance({ notes: [note(100, 101)] }), 30).map(times)).toEqual([
      [[10, 11]],
    ]);
    expect(splitPerformance(createPerformance({ notes: [] }), 30)).toEqual([]);
  });

  it("begin with the pedals that are down at the cut", () => {
    const performance = createPerformance({
      notes: [note(1, 2), note(31, 32), note(61, 62)],
      pedals: [
        { time: 10, controller: 64, value: 90 },
        { time: 20, controller: 67, value: 127 },
        { time: 25, controller: 67, value: 0 },
        { time: 40, controller: 64, value: 0 },
      ],
    });
    const pedals = splitPerformance(performance, 30).map((each) =>
      [...pedalsOf(each)].map(({ time, controller, value }) => [time, controller, value]),
    );
    expect(pedals).toEqual([
      [
        [10, 64, 90],
        [20, 67, 127],
        [25, 67, 0],
      ],
      [
        [0, 64, 90],
        [10, 64, 0],
      ],
      [],
    ]);
  });

  it("lose no note wherever floating numbers put the cut", () => {
    for (const seconds of [0.1, 0.3, 0.7, 1 / 3]) {
      const notes = Array.from({ length: 500 }, (_, i) => note(i * seconds, i * seconds + 0.05));
      const parts = splitPerformance(createPerformance({ notes }), seconds);
      expect(parts.reduce((sum, part) => sum + part.notes.count, 0)).toBe(500);
      for (const part of parts)
        for (const { start, end } of notesOf(part)) expect(end).toBeGreaterThanOrEqual(start);
    }
  });
});
