import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createPerformance,
  noPedals,
  noteAt,
  notesFromColumns,
  notesOf,
  pedalsOf,
  performanceOf,
  piano,
} from "./performance.ts";

const note = (start: number, pitch: number, velocity = 64) => ({ start, end: start + 1, pitch, velocity });

describe("a performance from records", () => {
  test("is sorted by start, then pitch; equals stay as they came", () => {
    const performance = createPerformance({
      notes: [note(1, 60), note(0, 72), note(0, 60, 1), note(0, 60, 2), note(0, 48)],
    });
    const order = [...notesOf(performance)].map(({ start, pitch, velocity }) => [start, pitch, velocity]);
    expect(order).toEqual([
      [0, 48, 64],
      [0, 60, 1],
      [0, 60, 2],
      [0, 72, 64],
      [1, 60, 64],
    ]);
    expect(noteAt(performance, 4)).toEqual({ start: 1, end: 2, pitch: 60, velocity: 64, instrument: 0 });
  });

  test("has a piano and no pedal unless said otherwise", () => {
    const performance = createPerformance({ notes: [note(0, 60)] });
    expect(performance.instruments).toEqual([piano]);
    expect(performance.pedals.count).toBe(0);
  });

  test("sorts its pedals by time, and puts them on the first lane", () => {
    const performance = createPerformance({
      notes: [],
      pedals: [
        { time: 2, controller: 67, value: 3, channel: 5 },
        { time: 1, controller: 64, value: 1 },
        { time: 1, controller: 64, value: 2 },
      ],
    });
    expect([...pedalsOf(performance)]).toEqual([
      { time: 1, controller: 64, value: 1, channel: 0 },
      { time: 1, controller: 64, value: 2, channel: 0 },
      { time: 2, controller: 67, value: 3, channel: 5 },
    ]);
  });

  test("cannot be changed", () => {
    const performance = createPerformance({ notes: [note(0, 60)] });
    for (const value of [performance, performance.notes, performance.pedals, performance.instruments]) {
      expect(Object.isFrozen(value)).toBe(true);
    }
  });
});

describe("the duration", () => {
  const { notes } = createPerformance({ notes: [note(0, 60), { ...note(0, 62), end: 5 }, note(2, 64)] });

  test("is the last end, the last pedal movement, or longer if said so", () => {
    expect(performanceOf(notes, noPedals, [piano]).duration).toBe(5);
    expect(performanceOf(notes, noPedals, [piano], 3).duration).toBe(5);
    expect(performanceOf(notes, noPedals, [piano], 8).duration).toBe(8);
    const { pedals } = createPerformance({ notes: [], pedals: [{ time: 6, controller: 64, value: 0 }] });
    expect(performanceOf(notes, pedals, [piano]).duration).toBe(6);
  });

  test("of enormous times is finite", () => {
    const eons = createPerformance({ notes: [{ ...note(0, 60), end: 6e16 }, note(5e16, 62)] });
    expect(eons.duration).toBe(6e16);
    expect(eons.notes.start[1]).toBe(5e16);
  });
});

test("columns in any order come out as a stable sort would have them", () => {
  const record = fc.record({
    start: fc.oneof(fc.constantFrom(0, 1, 2), fc.double({ min: 0, max: 1e17, noNaN: true })),
    pitch: fc.constantFrom(60, 61, 127),
    velocity: fc.integer({ min: 1, max: 127 }),
  });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 300 }), (records) => {
      const { start, pitch, velocity } = notesFromColumns({
        start: Float64Array.from(records, (each) => each.start),
        end: Float64Array.from(records, (each) => each.start + 1),
        pitch: Uint8Array.from(records, (each) => each.pitch),
        velocity: Uint8Array.from(records, (each) => each.velocity),
        instrument: new Uint16Array(records.length),
      });
      const sorted = records.toSorted((a, b) => a.start - b.start || a.pitch - b.pitch);
      expect(Array.from(start)).toEqual(sorted.map((each) => each.start));
      expect(Array.from(pitch)).toEqual(sorted.map((each) => each.pitch));
      expect(Array.from(velocity)).toEqual(sorted.map((each) => each.velocity));
    }),
  );
});
