import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { createPerformance, type Note, notesOf, type Performance } from "../music/performance.ts";
import { createRandom } from "../util/random.ts";
import { openRepresentation } from "./index.ts";

const log = openRepresentation("notes");
const linear = openRepresentation("notes", { grid: "linear" });

/** [pitch, start, end, velocity], in seconds. */
type Line = readonly [pitch: number, start: number, end: number, velocity: number];

const play = (...notes: readonly Line[]) =>
  createPerformance({
    notes: notes.map(([pitch, start, end, velocity]) => ({ pitch, start, end, velocity })),
  });

const lines = (performance: Performance): Line[] =>
  Array.from(notesOf(performance), ({ pitch, start, end, velocity }): Line => [pitch, start, end, velocity]);

const rest = 128;

/** Bin of the log grids: the shift's first is 0, then 63 from 5 ms to 10 s; the duration's 64 go from 10 ms to 20 s. */
const shiftSeconds = (bin: number) => (bin === 0 ? 0 : 0.005 * 2000 ** ((bin - 1) / 62));
const durationSeconds = (bin: number) => 0.01 * 2000 ** (bin / 63);

describe("fields", () => {
  test("four, side by side", () => {
    expect(log.fields).toEqual([
      { name: "shift", size: 64 },
      { name: "pitch", size: 129 },
      { name: "velocity", size: 32 },
      { name: "duration", size: 64 },
    ]);
    expect(log.vocabularySize).toBe(64 + 129 + 32 + 64);
    expect(linear.fields.map((field) => field.size)).toEqual([1001, 129, 32, 1000]);
  });

  test.each([
    [log, 0, 0, "shift:0.00000"],
    [log, 1, 0, "shift:0.00500"],
    [log, 63, 0, "shift:10.00000"],
    [log, 60, 1, "pitch:60"],
    [log, rest, 1, "rest"],
    [log, 0, 2, "velocity:1"],
    [log, 31, 2, "velocity:32"],
    [log, 0, 3, "duration:0.01000"],
    [log, 63, 3, "duration:20.00000"],
    [linear, 250, 0, "shift:2.50000"],
    [linear, 0, 3, "duration:0.01000"],
    [linear, 999, 3, "duration:10.00000"],
  ])("%#: %i of field %i is %s", (representation, token, field, name) => {
    expect(representation.describe(token, field)).toBe(name);
  });

  test("bins are spaced by equal factors", () => {
    for (let bin = 0; bin < 64; bin++) {
      expect(log.describe(bin, 0)).toBe(`shift:${shiftSeconds(bin).toFixed(5)}`);
      expect(log.describe(bin, 3)).toBe(`duration:${durationSeconds(bin).toFixed(5)}`);
    }
  });
});

describe("linear grid", () => {
  test("steps of 10 ms", () => {
    expect([...linear.encode(play([60, 0, 0.25, 64], [62, 0.25, 1.25, 65], [64, 0.25, 0.26, 127]))]).toEqual([
      ...[0, 60, 15, 24],
      ...[25, 62, 16, 99],
      ...[0, 64, 31, 0],
    ]);
  });

  test("and back", () => {
    expect(lines(linear.decode([0, 60, 15, 24, 25, 62, 16, 99]))).toEqual([
      [60, 0, 0.25, 63],
      [62, 0.25, 1.25, 67],
    ]);
  });

  test("what is shorter or longer than the grid takes its ends", () => {
    expect([...linear.encode(play([60, 0, 0, 1], [61, 0, 15, 1]))]).toEqual([0, 60, 0, 0, 0, 61, 0, 999]);
  });
});

describe("rests", () => {
  const silences = [
    [9.99, [[999, 60]]],
    [10, [[1000, 60]]],
    // The millisecond is not lost: the next onset is measured from 10 s, and makes it good.
    [10.001, [[1000, 60]]],
    [
      10.01,
      [
        [1000, rest],
        [1, 60],
      ],
    ],
    [
      20,
      [
        [1000, rest],
        [1000, 60],
      ],
    ],
    [61, [...new Array<number[]>(6).fill([1000, rest]), [100, 60]]],
  ] as const;

  test.each(silences)("a silence of %f s on the linear grid", (seconds, expected) => {
    const tokens = linear.encode(play([60, seconds, seconds + 1, 1]));
    expect([...tokens]).toEqual(
      expected.flatMap(([shift, pitch]) => [shift, pitch, 0, pitch === rest ? 0 : 99]),
    );
  });

  test.each([10, 10.001, 20, 61, 3600])("after %f s the notes stand where they were", (seconds) => {
    for (const representation of [log, linear]) {
      const start = lines(
        representation.decode(
          representation.encode(
            play([60, 0, 1, 64], [62, seconds, seconds + 1, 64], [64, seconds + 1, seconds + 2, 64]),
          ),
        ),
      ).map((line) => line[1]);
      // Half of the widest bin that a gap of up to 10 s, and then of about a second, falls into.
      expect(Math.abs(start[1] - seconds)).toBeLessThan(representation === log ? 0.62 : 0.0051);
      expect(Math.abs(start[2] - seconds - 1)).toBeLessThan(representation === log ? 0.1 : 0.0051);
    }
  });

  test("a rest is silence, and takes its time", () => {
    expect(lines(linear.decode([1000, rest, 0, 0, 5, 60, 0, 9]))).toEqual([
      [60, 10.05, expect.closeTo(10.15), 3],
    ]);
    expect(linear.decode([1000, rest, 0, 0])).toMatchObject({ duration: 10, notes: { count: 0 } });
  });
});

test.each([
  ["log", log, 0.03],
  ["linear", linear, 0.0051],
] as const)("10,000 notes with jitter: time does not drift on the %s grid", (_, representation, bound) => {
  const random = createRandom(1);
  let time = 0;
  const notes = Array.from({ length: 10_000 }, (_, i): Line => {
    time += 0.05 + 0.3 * random.next();
    return [40 + (i % 40), time, time + 0.2, 64];
  });
  const decoded = lines(representation.decode(representation.encode(play(...notes))));
  expect(decoded).toHaveLength(notes.length);
  // Bins around 0.35 s are 0.045 s wide: no onset is off by more than about half of that, not even the last.
  decoded.forEach(([, start], i) => {
    expect(Math.abs(start - notes[i][1])).toBeLessThan(bound);
  });
});

test("durations are measured from where the onset was put", () => {
  // 0.33 s falls between the shifts of 0.302 s and 0.342 s: the end stays as near to 0.53 s as its own grid allows.
  const [[, start, end]] = lines(log.decode(log.encode(play([60, 0.33, 0.53, 64]))));
  expect(start).toBeCloseTo(shiftSeconds(35), 12);
  const nearest = Array.from({ length: 64 }, (_, bin) => Math.abs(start + durationSeconds(bin) - 0.53));
  expect(Math.abs(end - 0.53)).toBeCloseTo(Math.min(...nearest), 12);
});

describe("decoding by hand", () => {
  test("a step that is not whole is left out", () => {
    expect(lines(linear.decode([0, 60, 0, 9, 5, 61, 0]))).toHaveLength(1);
  });

  test("a step with an id outside its field is left out, with its time", () => {
    for (const wrong of [
      [-1, 60, 0, 0],
      [1001, 60, 0, 0],
      [100, 129, 0, 0],
      [100, 60, 32, 0],
      [100, 60, 0, 1000],
    ]) {
      expect(lines(linear.decode([...wrong, 50, 62, 0, 9]))).toEqual([[62, 0.5, 0.6, 3]]);
    }
  });

  test("no note is longer than the longest", () => {
    expect(lines(linear.decode([0, 60, 0, 999], { maximumNoteSeconds: 5 }))).toEqual([[60, 0, 5, 3]]);
    expect(lines(linear.decode([0, 60, 0, 999], { maximumNoteSeconds: 0 }))).toEqual([]);
  });
});

/** The specification taken literally: for each note the nearest bin to what is left, found by looking at all. */
function encodeLiterally(notes: readonly Note[]): number[] {
  const bins = Array.from({ length: 64 }, (_, bin) => bin);
  const nearest = (seconds: (bin: number) => number, wanted: number) =>
    bins.reduce((best, bin) => {
      return Math.abs(seconds(bin) - wanted) < Math.abs(seconds(best) - wanted) ? bin : best;
    });
  const tokens: number[] = [];
  let clock = 0;
  for (const { start, end, pitch, velocity } of notes) {
    while (nearest(shiftSeconds, start - clock - 10) > 0) {
      tokens.push(63, rest, 0, 0);
      clock += 10;
    }
    const shift = nearest(shiftSeconds, start - clock);
    clock += shiftSeconds(shift);
    tokens.push(shift, pitch, Math.floor((velocity - 1) / 4), nearest(durationSeconds, end - clock));
  }
  return tokens;
}

test("agrees with the specification taken literally", () => {
  const unfolded = openRepresentation("notes", { sustain: false });
  fc.assert(
    fc.property(performances, (performance) => {
      expect([...unfolded.encode(performance)]).toEqual(encodeLiterally([...notesOf(performance)]));
    }),
    { numRuns: 500 },
  );
});
