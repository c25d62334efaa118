import { expect, test } from "vitest";
import { createPerformance, piano } from "./performance.ts";
import { describePerformance } from "./statistics.ts";

/** A broken triad, held together, then a note apart; a pedal pressed twice and half pressed once. */
const small = createPerformance({
  notes: [
    { start: 0, end: 2, pitch: 60, velocity: 1 },
    { start: 0, end: 2, pitch: 64, velocity: 4 },
    { start: 1, end: 2, pitch: 67, velocity: 5 },
    { start: 3, end: 4, pitch: 72, velocity: 126 },
  ],
  pedals: [
    { time: 0.5, controller: 64, value: 127 },
    { time: 1.5, controller: 64, value: 63 },
    { time: 3, controller: 64, value: 64 },
    { time: 3.25, controller: 64, value: 100 },
    { time: 3.5, controller: 64, value: 0 },
    { time: 1, controller: 67, value: 127 },
    { time: 2, controller: 67, value: 0 },
  ],
  duration: 5,
});

test("counts, rates and ranges", () => {
  const description = describePerformance(small);
  expect(description).toMatchObject({
    notes: 4,
    duration: 5,
    notesPerSecond: 0.8,
    pitchRange: { lowest: { pitch: 60, name: "C4" }, highest: { pitch: 72, name: "C5" } },
    densityOverTime: { sliceSeconds: 1, notesPerSecond: [2, 1, 0, 1, 0] },
    noteDuration: { mean: 1.5 },
    instruments: [{ name: "Piano", program: 0, isDrum: false, channel: 0, notes: 4 }],
  });
  expect(description.key?.name).toBe("C major");
  expect(description.pitchClasses.filter(({ notes }) => notes > 0)).toEqual([
    { name: "C", notes: 2 },
    { name: "E", notes: 1 },
    { name: "G", notes: 1 },
  ]);
});

test("velocities fall into bins of four", () => {
  const { mean, standardDeviation, histogram } = describePerformance(small).velocity;
  expect(mean).toBe(34);
  expect(standardDeviation).toBeCloseTo(Math.sqrt((33 ** 2 + 30 ** 2 + 29 ** 2 + 92 ** 2) / 4), 12);
  expect(histogram.counts).toHaveLength(32);
  expect([histogram.counts[0], histogram.counts[1], histogram.counts[31]]).toEqual([2, 1, 1]);
});

test("every velocity is in the bin floor((v - 1) / 4)", () => {
  for (let velocity = 1; velocity < 128; velocity++) {
    const one = createPerformance({ notes: [{ start: 0, end: 1, pitch: 60, velocity }] });
    expect(describePerformance(one).velocity.histogram.counts.indexOf(1)).toBe(
      Math.floor((velocity - 1) / 4),
    );
  }
});

test("chords are counted apart from intervals, and what lies beyond the bins falls into the outer ones", () => {
  const starts = [0, 0.004, 0.01, 0.01, 0.11, 9];
  const { simultaneous, histogram } = describePerformance(
    createPerformance({ notes: starts.map((start) => ({ start, end: start, pitch: 60, velocity: 60 })) }),
  ).interOnsetInterval;
  expect(simultaneous).toBe(2);
  expect(histogram.edges).toHaveLength(25);
  expect(histogram.edges[0]).toBe(0.005);
  expect(histogram.edges[24]).toBeCloseTo(2, 12);
  const tenth = Math.floor((24 * Math.log(0.1 / 0.005)) / Math.log(400));
  expect(histogram.counts).toEqual(
    Array.from({ length: 24 }, (_, i) => (i === 0 || i === tenth || i === 23 ? 1 : 0)),
  );
});

test("durations are clipped to the outer bins", () => {
  const ends = [0, 0.02, 10, 100];
  const { histogram } = describePerformance(
    createPerformance({ notes: ends.map((end) => ({ start: 0, end, pitch: 60, velocity: 60 })) }),
  ).noteDuration;
  expect([histogram.counts[0], histogram.counts[23]]).toEqual([2, 2]);
});

test("polyphony is measured over time", () => {
  // Two notes for 1 s, three for 1 s, none for 1 s, one for 1 s, none for 1 s.
  expect(describePerformance(small).polyphony).toEqual({
    mean: 2,
    maximum: 3,
    timeShares: [0.4, 0.2, 0.2, 0.2, 0, 0],
  });
});

test("a note that ends when another begins does not sound with it", () => {
  const legato = createPerformance({
    notes: [0, 1, 2].map((start) => ({ start, end: start + 1, pitch: 60 + start, velocity: 60 })),
  });
  expect(describePerformance(legato).polyphony).toEqual({
    mean: 1,
    maximum: 1,
    timeShares: [0, 1, 0, 0, 0, 0],
  });
});

test("pedals are counted by their crossings of 64", () => {
  expect(describePerformance(small).pedals).toEqual({
    sustain: { movements: 5, presses: 2, downShare: 0.3, continuous: true },
    sostenuto: { movements: 0, presses: 0, downShare: 0, continuous: false },
    soft: { movements: 2, presses: 1, downShare: 0.2, continuous: false },
    sustainedOnsets: 0.5,
  });
});

test("a pedal reaches only the notes of its channel, and stays down to the end", () => {
  const { pedals } = describePerformance(
    createPerformance({
      notes: [0, 1].map((instrument) => ({ start: 2, end: 4, pitch: 60, velocity: 60, instrument })),
      pedals: [
        { time: 1, controller: 64, value: 127, channel: 1 },
        { time: 2, controller: 64, value: 127, channel: 7 },
        { time: 3, controller: 64, value: 0, channel: 7 },
      ],
      instruments: [piano, { ...piano, channel: 1 }],
    }),
  );
  expect(pedals.sustain).toEqual({ movements: 3, presses: 2, downShare: 0.75, continuous: false });
  expect(pedals.sustainedOnsets).toBe(0.5);
});

test("drums count as notes but have no pitch", () => {
  const description = describePerformance(
    createPerformance({
      notes: [
        { start: 0, end: 1, pitch: 36, velocity: 90 },
        { start: 0, end: 1, pitch: 60, velocity: 90, instrument: 1 },
      ],
      instruments: [{ ...piano, name: "Kit", isDrum: true }, piano],
    }),
  );
  expect(description.notes).toBe(2);
  expect(description.pitchRange?.lowest.name).toBe("C4");
  expect(description.instruments.map(({ name, notes }) => [name, notes])).toEqual([
    ["Kit", 1],
    ["Piano", 1],
  ]);
});

test("long performances are cut into sixty slices", () => {
  const long = createPerformance({ notes: [{ start: 599, end: 600, pitch: 60, velocity: 60 }] });
  const { sliceSeconds, notesPerSecond } = describePerformance(long).densityOverTime;
  expect(sliceSeconds).toBe(10);
  expect(notesPerSecond).toEqual([...new Array<number>(59).fill(0), 0.1]);
});

const instant = (count: number, end: number) =>
  createPerformance({
    notes: Array.from({ length: count }, (_, i) => ({
      start: 0,
      end,
      pitch: i % 128,
      velocity: 1 + (i % 127),
    })),
  });

test.each([
  ["silence", createPerformance({ notes: [] })],
  ["a second of silence", createPerformance({ notes: [], duration: 1 })],
  ["one note", instant(1, 1)],
  ["one note without length", instant(1, 0)],
  ["thousands at one instant", instant(20_000, 0)],
  ["thousands together", instant(20_000, 3)],
])("%s: every number is finite, and survives JSON", (_, performance) => {
  const description = describePerformance(performance);
  // JSON has no NaN and no infinities: they would come back as null.
  expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  expect(description.polyphony.timeShares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
});

test("the performance is left as it was", () => {
  const before = structuredClone(small);
  describePerformance(small);
  expect(small).toEqual(before);
});
