import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import {
  createPerformance,
  notesOf,
  type Pedal,
  type Performance,
  pedalsOf,
  piano,
} from "../music/performance.ts";
import { openRepresentation } from "./index.ts";

const representation = openRepresentation("performance-pedal");

const on = (pitch: number) => pitch;
const off = (pitch: number) => 128 + pitch;
const shift = (steps: number) => 256 + steps - 1;
const velocity = (bin: number) => 356 + bin - 1;
const down = 388;
const up = 389;

/** [time, value] of the sustain pedal, and but for the first a channel. */
type Move = readonly [time: number, value: number, channel?: number];

function play(notes: readonly (readonly [number, number, number])[], moves: readonly Move[]): Performance {
  return createPerformance({
    notes: notes.map(([pitch, start, end]) => ({ pitch, start, end, velocity: 1 })),
    pedals: moves.map(([time, value, channel = 0]) => ({ time, value, channel, controller: 64 })),
    instruments: [piano, { ...piano, channel: 1 }],
  });
}

const names = (tokens: Int32Array) => Array.from(tokens, (token) => representation.describe(token));
const moves = (performance: Performance): Move[] =>
  Array.from(pedalsOf(performance), ({ time, value }): Move => [time, value]);

test("390 classes: the two of the pedal come last", () => {
  expect(representation.vocabularySize).toBe(390);
  expect([387, 388, 389].map((token) => representation.describe(token))).toEqual([
    "velocity:32",
    "pedal-down",
    "pedal-up",
  ]);
  const silent = openRepresentation("performance-pedal", { velocityBins: 0 });
  expect(silent.vocabularySize).toBe(358);
  expect([355, 356, 357].map((token) => silent.describe(token))).toEqual([
    "time-shift:100",
    "pedal-down",
    "pedal-up",
  ]);
});

describe("golden vectors", () => {
  test("note ends are key releases, and the pedal comes before the notes of its step", () => {
    const performance = play(
      [
        [60, 0, 0.1],
        [62, 0.1, 0.7],
      ],
      [
        [0.1, 127],
        [0.5, 100],
        [0.7, 0],
      ],
    );
    expect([...representation.encode(performance)]).toEqual([
      ...[velocity(1), on(60), shift(10), down, off(60), on(62), shift(60), up, off(62)],
    ]);
  });

  test("a pedal before the first note and after the last one", () => {
    expect([
      ...representation.encode(
        play(
          [[60, 0, 0.1]],
          [
            [0, 64],
            [1.6, 63],
          ],
        ),
      ),
    ]).toEqual([down, velocity(1), on(60), shift(10), off(60), shift(100), shift(50), up]);
  });

  test("only crossings of 64 count, and the pedal is up at first", () => {
    expect(
      names(
        representation.encode(
          play(
            [],
            [
              [0.1, 0],
              [0.2, 63],
              [0.3, 64],
              [0.4, 127],
              [0.5, 63],
              [0.6, 1],
            ],
          ),
        ),
      ),
    ).toEqual(["time-shift:30", "pedal-down", "time-shift:20", "pedal-up"]);
  });

  test("a pedal that is lifted and pressed within a step keeps both", () => {
    expect(
      names(
        representation.encode(
          play(
            [],
            [
              [0.1, 127],
              [0.499, 0],
              [0.501, 127],
            ],
          ),
        ),
      ),
    ).toEqual(["time-shift:10", "pedal-down", "time-shift:40", "pedal-up", "pedal-down"]);
  });

  test("with several channels it is down while any of them is", () => {
    expect(
      names(
        representation.encode(
          play(
            [],
            [
              [0.1, 127],
              [0.2, 127, 1],
              [0.3, 0],
              [0.4, 0, 1],
            ],
          ),
        ),
      ),
    ).toEqual(["time-shift:10", "pedal-down", "time-shift:30", "pedal-up"]);
  });
});

describe("decoding by hand", () => {
  test("the pedal comes back as CC64", () => {
    const decoded = representation.decode([down, on(60), shift(50), off(60), up, shift(10), down]);
    expect([...pedalsOf(decoded)]).toEqual([
      { time: 0, controller: 64, value: 127, channel: 0 },
      { time: 0.5, controller: 64, value: 0, channel: 0 },
      { time: 0.6, controller: 64, value: 127, channel: 0 },
    ]);
    expect([...notesOf(decoded)]).toMatchObject([{ pitch: 60, start: 0, end: 0.5 }]);
  });

  test("a pedal that moves to where it is does not move", () => {
    expect(moves(representation.decode([up, down, shift(1), down, shift(1), up, up]))).toEqual([
      [0, 127],
      [0.02, 0],
    ]);
  });
});

/** Section 1.5 taken literally, with pedals as items that come before all notes of their step. */
function encodeLiterally(performance: Performance): number[] {
  const toStep = (seconds: number) => Math.floor(seconds * 100 + 0.5);
  const notes = [...notesOf(performance)];
  const items = notes.flatMap((note, i) => {
    const start = toStep(note.start);
    return [
      { step: start, order: i, kind: 0, note },
      { step: Math.max(toStep(note.end), start + 1), order: i, kind: 1, note },
    ];
  });
  const sustain = [...pedalsOf(performance)].filter(({ controller }) => controller === 64);
  const isDown = (after: readonly Pedal[]) =>
    [0, 1].some((channel) => (after.findLast((move) => move.channel === channel)?.value ?? 0) >= 64);
  const crossings = sustain.flatMap((move, i) => {
    const now = isDown(sustain.slice(0, i + 1));
    return now === isDown(sustain.slice(0, i))
      ? []
      : [{ step: toStep(move.time), order: -1, kind: now ? 0 : 1, note: undefined }];
  });
  const sorted = [...crossings, ...items].sort(
    (a, b) => a.step - b.step || a.order - b.order || (a.note ? a.kind - b.kind : 0),
  );
  const tokens: number[] = [];
  let now = 0;
  let current = 0;
  for (const { step, kind, note } of sorted) {
    for (; step > now; now += Math.min(100, step - now)) tokens.push(shift(Math.min(100, step - now)));
    if (note === undefined) tokens.push(kind === 0 ? down : up);
    else if (kind === 1) tokens.push(off(note.pitch));
    else {
      const bin = Math.floor((note.velocity - 1) / 4) + 1;
      if (bin !== current) tokens.push(velocity(bin));
      current = bin;
      tokens.push(on(note.pitch));
    }
  }
  return tokens;
}

test("agrees with the specification taken literally", () => {
  fc.assert(
    fc.property(performances, (performance) => {
      expect([...representation.encode(performance)]).toEqual(encodeLiterally(performance));
    }),
    { numRuns: 1000 },
  );
});
