/** @file Performances for property tests, thick with what is rare in real ones: everything at once, or far apart. */
import fc from "fast-check";
import { createPerformance, type Instrument, type Performance, piano } from "../src/music/performance.ts";

/** Few enough times that events coincide; half steps, where rounding decides; and what no grid knows. */
const near = fc.oneof(
  fc.integer({ min: 0, max: 40 }).map((step) => step / 100),
  fc.integer({ min: 0, max: 80 }).map((half) => half / 200),
  fc.double({ min: 0, max: 4, noNaN: true }),
);

/** Silences around the longest time shifts. */
const gap = fc.constantFrom(0, 0, 0, 0, 1, 1.01, 2.5, 10, 10.001, 61);

const duration = fc.oneof(
  fc.constantFrom(0, 0, 0.001, 0.005, 0.01, 1, 12),
  fc.double({ min: 0, max: 2, noNaN: true }),
);

const pitch = fc.oneof(fc.constantFrom(60, 60, 60, 61, 72, 0, 127), fc.integer({ min: 0, max: 127 }));

const time = fc.tuple(near, gap).map(([seconds, silence]) => seconds + silence);

/** Two instruments share a channel, the third has its own, the fourth is a drum kit on it. */
const lanes: readonly Instrument[] = [
  piano,
  { ...piano, name: "Left hand" },
  { ...piano, name: "Second piano", channel: 1 },
  { ...piano, name: "Kit", channel: 1, isDrum: true },
];

/** Performances of one program on one to four instruments. */
export const performances: fc.Arbitrary<Performance> = fc
  .integer({ min: 1, max: lanes.length })
  .chain((count) =>
    fc.record({
      instruments: fc.constant(lanes.slice(0, count)),
      notes: fc.array(
        fc.record({
          start: time,
          seconds: duration,
          pitch,
          velocity: fc.integer({ min: 1, max: 127 }),
          instrument: fc.integer({ min: 0, max: count - 1 }),
        }),
        { maxLength: 40, size: "max" },
      ),
      pedals: fc.array(
        fc.record({
          time,
          controller: fc.constantFrom(64, 64, 64, 64, 66, 67),
          value: fc.oneof(fc.constantFrom(0, 63, 64, 127), fc.integer({ min: 0, max: 127 })),
          channel: fc.constantFrom(0, 0, 1),
        }),
        { maxLength: 20, size: "max" },
      ),
      silence: fc.constantFrom(0, 0, 2),
    }),
  )
  .map(({ instruments, notes, pedals, silence }) =>
    createPerformance({
      notes: notes.map(({ seconds, ...note }) => ({ ...note, end: note.start + seconds })),
      pedals,
      instruments,
      duration: silence,
    }),
  );
