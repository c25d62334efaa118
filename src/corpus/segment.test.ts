/** @file Segments: what belongs to which, and what is carried over a cut. */
import fc from "fast-check";
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

  it("do not begin with a pedal that is lifted at the very cut", () => {
    const performance = createPerformance({
      notes: [note(1, 2), note(31, 32)],
      pedals: [
        { time: 10, controller: 64, value: 90 },
        { time: 30, controller: 64, value: 0 },
        { time: 30, controller: 67, value: 80 },
      ],
    });
    const [, second] = splitPerformance(performance, 30);
    expect([...pedalsOf(second)]).toEqual([{ time: 0, controller: 67, value: 80, channel: 0 }]);
  });

  it("last as long as there is music, and no longer than was asked", () => {
    const performance = createPerformance({ notes: [note(1, 100), note(61, 62)], duration: 70 });
    expect(splitPerformance(performance, 30).map(({ duration }) => duration)).toEqual([30, 30]);
    const brief = createPerformance({ notes: [note(31, 32)], duration: 40 });
    expect(splitPerformance(brief, 30).map(({ duration }) => duration)).toEqual([10]);
  });

  it("lose no note and part no chord wherever floating numbers put the cut", () => {
    const seconds = fc.oneof(
      fc.constantFrom(0.1, 0.3, 0.7, 1 / 3, 30),
      fc.double({ min: 0.01, max: 40, noNaN: true }),
    );
    const cuts = fc.uniqueArray(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(seconds, cuts, (length, indices) => {
        // Chords at what a product says is the cut, and at the last number before it.
        const onsets = indices.flatMap((index) => [index * length, index * length * (1 - 2 ** -53)]);
        const chords = onsets.flatMap((start) => [
          note(start, start + 0.05),
          { ...note(start, start + 9), pitch: 64 },
        ]);
        const parts = splitPerformance(createPerformance({ notes: chords }), length);
        expect(parts.reduce((sum, part) => sum + part.notes.count, 0)).toBe(chords.length);
        expect(parts.length).toBeLessThanOrEqual(new Set(onsets).size);
        for (const part of parts) {
          const pitches = [...notesOf(part)].map(({ pitch }) => pitch);
          expect(pitches.filter((pitch) => pitch === 64)).toHaveLength(pitches.length / 2);
          for (const { start, end } of notesOf(part)) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(start).toBeLessThan(length * (1 + 1e-9) + 1e-9);
            expect(end).toBeGreaterThanOrEqual(start);
          }
        }
        // What lies on a cut begins its segment.
        const [onCut] = splitPerformance(
          createPerformance({ notes: [note(indices[0] * length, 1e9)] }),
          length,
        );
        expect(onCut.notes.start[0]).toBe(0);
      }),
    );
  });
});
