import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { createPerformance, notesOf, pedalsOf, piano } from "../music/performance.ts";
import { UsageError } from "../util/errors.ts";
import { createRandom } from "../util/random.ts";
import { augmentationSchema, drawVariation, stretchPerformance, transposePerformance } from "./augment.ts";

const kit = { ...piano, name: "Kit", isDrum: true };
const note = (pitch: number, instrument = 0) => ({ start: 1, end: 2, pitch, velocity: 64, instrument });

describe("drawing", () => {
  it("takes every factor and every transposition that keeps all notes in range, and no other", () => {
    const music = createPerformance({ notes: [note(2), note(125), note(127, 1)], instruments: [piano, kit] });
    const augmentation = augmentationSchema.parse({});
    const random = createRandom(1);
    const drawn = Array.from({ length: 300 }, () => drawVariation(music, augmentation, random));
    const rising = (a: number, b: number) => a - b;
    expect([...new Set(drawn.map(({ transpose }) => transpose))].sort(rising)).toEqual([-2, -1, 0, 1, 2]);
    expect([...new Set(drawn.map(({ stretch }) => stretch))].sort(rising)).toEqual(augmentation.stretch);
  });

  it("always finds a transposition that can be made", () => {
    const options = fc.record({
      lowestTransposition: fc.integer({ min: -130, max: 0 }),
      highestTransposition: fc.integer({ min: 0, max: 130 }),
      lowestPitch: fc.integer({ min: 0, max: 127 }),
      highestPitch: fc.integer({ min: 0, max: 127 }),
    });
    fc.assert(
      fc.property(performances, options, fc.integer(), (music, chosen, seed) => {
        const augmentation = augmentationSchema.parse(chosen);
        const { transpose } = drawVariation(music, augmentation, createRandom(seed));
        const moved = transposePerformance(music, transpose);
        expect(moved.notes.count).toBe(music.notes.count);
        if (chosen.lowestPitch > chosen.highestPitch) return;
        const inside = ({ pitch, instrument }: { pitch: number; instrument: number }) =>
          music.instruments[instrument].isDrum ||
          (pitch >= chosen.lowestPitch && pitch <= chosen.highestPitch);
        if ([...notesOf(music)].every(inside)) expect([...notesOf(moved)].every(inside)).toBe(true);
      }),
    );
  });
});

describe("transposing", () => {
  it("moves every note but drums, and nothing else", () => {
    const music = createPerformance({
      notes: [note(60), note(61), note(62, 1)],
      instruments: [piano, kit],
      pedals: [{ time: 1, controller: 64, value: 100 }],
    });
    const moved = transposePerformance(music, 3);
    expect([...notesOf(moved)].map(({ pitch, instrument }) => [pitch, instrument])).toEqual([
      [62, 1],
      [63, 0],
      [64, 0],
    ]);
    expect([...pedalsOf(moved)]).toEqual([...pedalsOf(music)]);
    expect(transposePerformance(music, 0)).toBe(music);
  });

  it("drops nothing and wraps nothing: what would leave the range is refused", () => {
    const music = createPerformance({ notes: [note(3), note(120)] });
    expect(() => transposePerformance(music, 8)).toThrow(UsageError);
    expect(() => transposePerformance(music, 8)).toThrow("takes pitch 120 to 128, expected 0 to 127");
    expect(() => transposePerformance(music, -4)).toThrow("takes pitch 3 to -1");
  });
});

describe("stretching", () => {
  it("multiplies all times", () => {
    const music = createPerformance({
      notes: [note(60)],
      pedals: [{ time: 1.5, controller: 64, value: 100 }],
      duration: 4,
    });
    const slower = stretchPerformance(music, 1.5);
    expect([...notesOf(slower)]).toEqual([{ ...note(60), start: 1.5, end: 3 }]);
    expect([...pedalsOf(slower)]).toMatchObject([{ time: 2.25, value: 100 }]);
    expect(slower.duration).toBe(6);
    expect(stretchPerformance(music, 1)).toBe(music);
  });
});
