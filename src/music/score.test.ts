import fc from "fast-check";
import { expect, test } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { createPerformance, type Notes, notesOf, type Performance, pedalsOf } from "./performance.ts";
import { notatePerformance, performScore } from "./score.ts";
import { createTempoMap } from "./tempo.ts";

const map = createTempoMap([
  { quarter: 0, secondsPerQuarter: 1 },
  { quarter: 2, secondsPerQuarter: 0.25 },
]);

test("a performance against a tempo map is in quarters, and played again it is what it was", () => {
  const performance = createPerformance({
    notes: [
      { start: 0, end: 1, pitch: 60, velocity: 64 },
      { start: 1.5, end: 2.5, pitch: 62, velocity: 65 },
    ],
    pedals: [{ time: 2.25, controller: 64, value: 100 }],
    duration: 3,
  });
  const score = notatePerformance(performance, map);
  expect(Array.from(score.notes.start)).toEqual([0, 1.5]);
  expect(Array.from(score.notes.end)).toEqual([1, 4]);
  expect(Array.from(score.pedals.time)).toEqual([3]);
  expect([score.length, score.tempo, score.timeSignatures, score.keySignatures]).toEqual([6, map, [], []]);
  expect(performScore(score)).toEqual(performance);
});

test("the same score at another tempo", () => {
  const slow = notatePerformance(
    createPerformance({ notes: [{ start: 0, end: 1, pitch: 60, velocity: 64 }] }),
    createTempoMap([]),
  );
  const performance = performScore({
    ...slow,
    tempo: createTempoMap([{ quarter: 0, secondsPerQuarter: 0.25 }]),
  });
  expect([performance.notes.end[0], performance.duration]).toEqual([0.5, 0.5]);
});

function isSorted({ count, start, end, pitch }: Notes): boolean {
  for (let i = 0; i < count; i++) {
    if (end[i] < start[i]) return false;
    if (i > 0 && (start[i] < start[i - 1] || (start[i] === start[i - 1] && pitch[i] < pitch[i - 1])))
      return false;
  }
  return true;
}

const tempi = fc
  .array(
    fc.record({
      quarter: fc.double({ min: 0, max: 20, noNaN: true }),
      secondsPerQuarter: fc.double({ min: 0.05, max: 3, noNaN: true }),
    }),
    { maxLength: 8 },
  )
  .map(createTempoMap);

test("whatever the times and the tempo, notes stay in order", () => {
  fc.assert(
    fc.property(performances, tempi, (performance, tempo) => {
      const score = notatePerformance(performance, tempo);
      expect(isSorted(score.notes)).toBe(true);
      expect(isSorted(performScore(score).notes)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("there and back, notes and pedals are the same to a nanosecond", () => {
  const inMicroseconds = (performance: Performance) => {
    const round = (time: number) => Math.round(time * 1e6) / 1e6;
    return createPerformance({
      ...performance,
      notes: [...notesOf(performance)].map((note) => ({
        ...note,
        start: round(note.start),
        end: round(note.end),
      })),
      pedals: [...pedalsOf(performance)].map((pedal) => ({ ...pedal, time: round(pedal.time) })),
    });
  };
  fc.assert(
    fc.property(performances.map(inMicroseconds), tempi, (performance, tempo) => {
      const again = performScore(notatePerformance(performance, tempo));
      const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(1e-9);
      const notes = [...notesOf(again)];
      for (const [i, { start, end, ...rest }] of [...notesOf(performance)].entries()) {
        near(notes[i].start, start);
        near(notes[i].end, end);
        expect(notes[i]).toMatchObject(rest);
      }
      const pedals = [...pedalsOf(again)];
      for (const [i, { time, ...rest }] of [...pedalsOf(performance)].entries()) {
        near(pedals[i].time, time);
        expect(pedals[i]).toMatchObject(rest);
      }
      near(again.duration, performance.duration);
    }),
    { numRuns: 200 },
  );
});
