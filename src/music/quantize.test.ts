import fc from "fast-check";
import { expect, test } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { createPerformance, notesOf, type Performance } from "./performance.ts";
import { gridSeconds, quantize } from "./quantize.ts";

test.each([
  ["0.25", 120, 0.25],
  ["2", 60, 2],
  ["1/4", 120, 0.5],
  ["1/8", 60, 0.5],
  ["1/8t", 60, 1 / 3],
  ["1/4t", 120, 1 / 3],
  ["1/1", 120, 2],
])("a grid of %s at %d quarters a minute has lines %f s apart", (text, bpm, seconds) => {
  expect(gridSeconds(text, bpm)).toBeCloseTo(seconds, 12);
});

test.each(["", "0", "-1", "1/7", "1/8x", "t", "1e9"])('"%s" is no grid', (text) => {
  expect(() => gridSeconds(text)).toThrow(/^found a grid of .*, expected seconds .* or a note value/);
});

const isWhole = (seconds: number, grid: number) =>
  Math.abs(seconds / grid - Math.round(seconds / grid)) < 1e-9;
const times = (performance: Performance) =>
  Array.from(notesOf(performance), ({ start, end, pitch }) => [start, end, pitch]);

test.each([0.25, 0.5, 1, 2, gridSeconds("1/8t")])(
  "on lines %f s apart every note begins and ends on one, and has a length",
  (grid) => {
    fc.assert(
      fc.property(performances, (performance) => {
        const after = quantize(performance, grid);
        for (const { start, end } of notesOf(after)) {
          expect(isWhole(start, grid) && isWhole(end, grid)).toBe(true);
          expect(end - start).toBeGreaterThan(grid / 2);
        }
        expect(new Set(times(after).map(([start, , pitch]) => `${start} ${pitch}`)).size > 0).toBe(
          performance.notes.count > 0,
        );
      }),
    );
  },
);

test("a melody keeps all of its notes, one after the other", () => {
  const notes = Array.from({ length: 60 }, (_, i) => {
    const start = i * 0.11 + (i % 3) * 0.02;
    return { start, end: start + 0.06, pitch: 60 + (i % 12), velocity: 64 };
  });
  const after = quantize(createPerformance({ notes }), 0.25);
  expect(after.notes.count).toBe(60);
  for (let i = 1; i < 60; i++) expect(after.notes.end[i - 1]).toBeLessThanOrEqual(after.notes.start[i]);
});

test("notes that are on the grid already stay", () => {
  const notes = [
    { start: 0, end: 0.5, pitch: 60, velocity: 64 },
    { start: 0, end: 1, pitch: 64, velocity: 64 },
    { start: 1, end: 1.25, pitch: 64, velocity: 64 },
  ];
  const music = createPerformance({ notes });
  expect(quantize(music, 0.25)).toEqual(music);
});

test("of two equal notes on a line the longer is kept, and none sounds on under the same pitch", () => {
  const music = createPerformance({
    notes: [
      { start: 0, end: 0.1, pitch: 60, velocity: 64 },
      { start: 0.05, end: 0.6, pitch: 60, velocity: 64 },
      { start: 0.4, end: 0.45, pitch: 60, velocity: 64 },
    ],
  });
  expect(times(quantize(music, 0.5))).toEqual([
    [0, 0.5, 60],
    [0.5, 1, 60],
  ]);
});
