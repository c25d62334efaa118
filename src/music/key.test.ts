import { expect, test } from "vitest";
import { estimateKey } from "./key.ts";
import { createPerformance, type Performance, piano } from "./performance.ts";

function melody(pitches: readonly number[], seconds: (index: number) => number = () => 0.5): Performance {
  let now = 0;
  const notes = pitches.map((pitch, i) => {
    const start = now;
    now += seconds(i);
    return { start, end: now, pitch, velocity: 64 };
  });
  return createPerformance({ notes });
}

test("a C major scale is in C major", () => {
  const key = estimateKey(melody([60, 62, 64, 65, 67, 69, 71, 72]));
  expect(key).toMatchObject({ tonic: 0, mode: "major", name: "C major" });
  // Python's statistics.correlation of 2, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1 with the published profile.
  expect(key?.correlation).toBeCloseTo(0.901352, 6);
  expect(key?.runnerUp.name).toBe("A minor");
});

test("a piece in A harmonic minor is in A minor", () => {
  const chords = [
    [45, 57, 60, 64],
    [50, 57, 62, 65],
    [52, 56, 59, 64],
    [45, 57, 60, 64],
    [53, 57, 60, 65],
    [52, 56, 62, 71],
    [45, 57, 64, 69],
  ];
  const notes = chords.flatMap((chord, i) =>
    chord.map((pitch) => ({ start: i, end: i + 1, pitch, velocity: 64 })),
  );
  expect(estimateKey(createPerformance({ notes }))).toMatchObject({
    tonic: 9,
    mode: "minor",
    name: "A minor",
  });
});

test("keys are spelt as on title pages", () => {
  const scale = [60, 62, 64, 65, 67, 69, 71, 72];
  const names = Array.from({ length: 12 }, (_, i) => estimateKey(melody(scale.map((p) => p + i)))?.name);
  expect(names.map((name) => name?.replace(" major", ""))).toEqual("C Db D Eb E F F# G Ab A Bb B".split(" "));
});

test("long notes weigh more than short ones", () => {
  const long = (favourite: number) => (i: number) => (i === favourite ? 8 : 0.5);
  expect(estimateKey(melody([60, 62, 64, 65, 67, 69, 71], long(0)))?.tonic).toBe(0);
  expect(estimateKey(melody([60, 62, 64, 65, 67, 69, 71], long(5)))?.name).toBe("A minor");
});

test("notes without length are counted", () => {
  expect(estimateKey(melody([60, 62, 64, 65, 67, 69, 71, 72], () => 0))?.name).toBe("C major");
});

test("silence, drums and the chromatic scale have no key", () => {
  expect(estimateKey(createPerformance({ notes: [] }))).toBeUndefined();
  expect(estimateKey(melody(Array.from({ length: 12 }, (_, i) => 60 + i)))).toBeUndefined();
  const drums = createPerformance({
    notes: [{ start: 0, end: 1, pitch: 36, velocity: 90 }],
    instruments: [{ ...piano, isDrum: true }],
  });
  expect(estimateKey(drums)).toBeUndefined();
});
