/** @file Excerpts: the notes or seconds that were asked for, from zero on, with the pedal as it stood. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { excerptOf, stretchOf } from "./excerpt.ts";
import { createPerformance, notesOf, pedalsOf } from "./performance.ts";

const scale = createPerformance({
  notes: [0, 1, 2, 3, 4].map((i) => ({ start: 2 + i, end: 3.5 + i, pitch: 60 + i, velocity: 50 + i })),
  pedals: [
    { time: 0.5, controller: 64, value: 30 },
    { time: 2.5, controller: 64, value: 127 },
    { time: 3.5, controller: 64, value: 0 },
    { time: 5.4, controller: 64, value: 90 },
    { time: 5.6, controller: 64, value: 0 },
  ],
});

describe("an excerpt", () => {
  it("begins with its first note and ends with the last end", () => {
    const excerpt = excerptOf(scale, 1, 2);
    expect(Array.from(notesOf(excerpt), ({ start, end, pitch }) => [start, end, pitch])).toEqual([
      [0, 1.5, 61],
      [1, 2.5, 62],
    ]);
    expect(excerpt.duration).toBe(2.5);
  });

  it("takes over where the pedal stood, and its movements until the end", () => {
    expect(Array.from(pedalsOf(excerptOf(scale, 1, 2)), ({ value }) => value)).toEqual([127, 0, 90]);
    expect(Array.from(pedalsOf(excerptOf(scale, 1, 2)), ({ time }) => time)).toEqual([
      0,
      0.5,
      expect.closeTo(2.4, 9),
    ]);
    expect(pedalsOf(excerptOf(scale, 2, 1)).next().value).toMatchObject({ time: expect.closeTo(1.4, 9) });
  });

  it("has as many notes as are left", () => {
    expect(excerptOf(scale, 3, 10).notes.count).toBe(2);
    expect(excerptOf(scale, 5, 10).notes.count).toBe(0);
  });

  it("of all notes is the music itself, moved to its first onset", () => {
    fc.assert(
      fc.property(performances, (performance) => {
        const [whole, again] = [excerptOf(performance, 0, Number.POSITIVE_INFINITY), performance];
        const first = again.notes.count > 0 ? again.notes.start[0] : 0;
        expect([...notesOf(whole)]).toEqual(
          Array.from(notesOf(again), (note) => ({
            ...note,
            start: note.start - first,
            end: note.end - first,
          })),
        );
      }),
    );
  });
});

describe("a stretch", () => {
  const ends = (seconds: number, from = 1) =>
    Array.from(notesOf(stretchOf(scale, from, seconds)), ({ start, end }) => [start, end]);
  const moves = (seconds: number, from = 1) =>
    Array.from(pedalsOf(stretchOf(scale, from, seconds)), ({ time, value }) => [
      Number(time.toFixed(9)),
      value,
    ]);

  it("begins with its first note and is cut after so many seconds", () => {
    expect(ends(2)).toEqual([
      [0, 1.5],
      [1, 2],
    ]);
    expect(stretchOf(scale, 1, 2).duration).toBe(2);
  });

  it("lifts pedals where it is cut", () => {
    expect(moves(0.25)).toEqual([
      [0, 127],
      [0.25, 0],
    ]);
    expect(moves(2)).toEqual([
      [0, 127],
      [0.5, 0],
    ]);
    expect(moves(2.5).at(-1)).toEqual([2.5, 0]);
  });

  it("of whole music is the music, to its last movement", () => {
    expect(ends(100, 0)).toEqual(
      Array.from(notesOf(excerptOf(scale, 0, 5)), ({ start, end }) => [start, end]),
    );
    expect(moves(100, 0).map(([, value]) => value)).toEqual([30, 127, 0, 90, 0]);
  });
});
