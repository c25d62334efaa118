import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { createPerformance, type Note, notesOf, type Performance, piano } from "../music/performance.ts";
import { openRepresentation } from "./index.ts";

const performance388 = openRepresentation("performance");
const performance356 = openRepresentation("performance", { velocityBins: 0 });

/** [pitch, start, end, velocity], in seconds. */
type Line = readonly [pitch: number, start: number, end: number, velocity: number];

const play = (...notes: readonly Line[]) =>
  createPerformance({
    notes: notes.map(([pitch, start, end, velocity]) => ({ pitch, start, end, velocity })),
  });

const lines = (performance: Performance): Line[] =>
  Array.from(notesOf(performance), ({ pitch, start, end, velocity }): Line => [pitch, start, end, velocity]);

// The ids of the specification, by hand.
const on = (pitch: number) => pitch;
const off = (pitch: number) => 128 + pitch;
const shift = (steps: number) => 256 + steps - 1;
const velocity = (bin: number) => 356 + bin - 1;

const encoded = (...notes: readonly Line[]) => Array.from(performance388.encode(play(...notes)));
const decoded = (...tokens: readonly number[]) => lines(performance388.decode(tokens));

describe("ids", () => {
  test("388 classes, or 356 without velocity", () => {
    expect(performance388.vocabularySize).toBe(388);
    expect(performance356.vocabularySize).toBe(356);
    expect(performance388.fields).toEqual([{ name: "event", size: 388 }]);
  });

  test.each([
    [0, "note-on:0"],
    [60, "note-on:60"],
    [127, "note-on:127"],
    [128, "note-off:0"],
    [188, "note-off:60"],
    [255, "note-off:127"],
    [256, "time-shift:1"],
    [355, "time-shift:100"],
    [356, "velocity:1"],
    [387, "velocity:32"],
  ])("%i is %s", (token, name) => {
    expect(performance388.describe(token)).toBe(name);
    if (token < 356) expect(performance356.describe(token)).toBe(name);
  });
});

describe("golden vectors", () => {
  test("one note at the start", () => {
    expect(encoded([60, 0, 1, 100])).toEqual([380, 60, 355, 188]);
  });

  test("silence is no token", () => {
    expect(encoded()).toEqual([]);
    expect([...performance388.encode(createPerformance({ notes: [], duration: 10 }))]).toEqual([]);
  });

  test("a chord, a repeated velocity, a changed velocity", () => {
    expect(encoded([64, 0.5, 1, 80], [60, 0.5, 1.25, 80], [67, 1, 1.25, 81])).toEqual([
      ...[shift(50), velocity(20), on(60), on(64)],
      ...[shift(50), off(64), velocity(21), on(67)],
      ...[shift(25), off(60), off(67)],
    ]);
  });

  test("356 classes know no velocity", () => {
    expect([...performance356.encode(play([60, 0, 0.5, 1], [62, 0.5, 1, 127]))]).toEqual([
      ...[on(60), shift(50), off(60), on(62), shift(50), off(62)],
    ]);
  });

  test.each([
    [0.004999, 0],
    [0.005, 1],
    [0.014999, 1],
    [0.015, 2],
    [0.5, 50],
  ])("%f s is step %i", (start, step) => {
    expect(encoded([60, start, 2, 1])).toEqual([
      ...(step === 0 ? [] : [shift(step)]),
      ...[velocity(1), on(60), shift(100), shift(100 - step), off(60)],
    ]);
  });

  test.each([
    [1, [1]],
    [99, [99]],
    [100, [100]],
    [101, [100, 1]],
    [200, [100, 100]],
    [250, [100, 100, 50]],
  ])("a gap of %i steps is %j", (steps, shifts) => {
    expect(encoded([60, 0, steps / 100, 1])).toEqual([velocity(1), on(60), ...shifts.map(shift), off(60)]);
  });

  test("what begins and ends on one step lasts one step", () => {
    expect(encoded([60, 0.1, 0.1, 1])).toEqual([shift(10), velocity(1), on(60), shift(1), off(60)]);
    expect(encoded([60, 0.096, 0.104, 1])).toEqual([shift(10), velocity(1), on(60), shift(1), off(60)]);
  });

  test("within a step: releases in the order of their onsets, then onsets by seconds, then by pitch", () => {
    expect(
      encoded(
        [72, 0, 0.5, 1],
        [60, 0.25, 0.5, 1],
        // Sorted by seconds: 71 begins before 50 and 40, though on the same step.
        [50, 0.502, 1, 1],
        [40, 0.502, 1, 1],
        [71, 0.501, 1, 1],
      ),
    ).toEqual([
      ...[velocity(1), on(72), shift(25), on(60), shift(25)],
      ...[off(72), off(60), on(71), on(40), on(50)],
      ...[shift(50), off(71), off(40), off(50)],
    ]);
  });

  test.each([
    [1, 1],
    [4, 1],
    [5, 2],
    [8, 2],
    [9, 3],
    [64, 16],
    [65, 17],
    [124, 31],
    [125, 32],
    [126, 32],
    [127, 32],
  ])("velocity %i is of bin %i", (value, bin) => {
    expect(encoded([60, 0, 0.01, value])[0]).toBe(velocity(bin));
  });

  test("a pitch may be struck again while it sounds", () => {
    expect(encoded([60, 0, 0.3, 1], [60, 0.1, 0.2, 1])).toEqual([
      ...[velocity(1), on(60), shift(10), on(60), shift(10), off(60), shift(10), off(60)],
    ]);
  });

  test("sustain is folded in, or not", () => {
    const pedalled = createPerformance({
      notes: [{ pitch: 60, start: 0, end: 0.1, velocity: 1 }],
      pedals: [
        { time: 0.05, controller: 64, value: 127 },
        { time: 0.5, controller: 64, value: 0 },
      ],
    });
    const tokens = (config: object) => [...openRepresentation("performance", config).encode(pedalled)];
    expect(tokens({})).toEqual([velocity(1), on(60), shift(50), off(60)]);
    expect(tokens({ sustain: false })).toEqual([velocity(1), on(60), shift(10), off(60)]);
  });
});

describe("decoding by hand", () => {
  test("velocity is 100 until it is set", () => {
    expect(decoded(on(60), shift(50), off(60))).toEqual([[60, 0, 0.5, 100]]);
  });

  test.each([
    [1, 1, 3],
    [2, 5, 7],
    [25, 97, 99],
    [32, 125, 126],
  ])("bin %i begins at %i and has its middle at %i", (bin, floor, centre) => {
    const tokens = [velocity(bin), on(60), shift(1), off(60)];
    const floored = openRepresentation("performance", { decodeVelocity: "floor" });
    expect(lines(floored.decode(tokens))).toEqual([[60, 0, 0.01, floor]]);
    expect(decoded(...tokens)).toEqual([[60, 0, 0.01, centre]]);
  });

  test("a note keeps the velocity of its onset", () => {
    expect(decoded(velocity(1), on(60), shift(1), velocity(32), on(61), shift(1), off(60), off(61))).toEqual([
      [60, 0, 0.02, 3],
      [61, 0.01, 0.02, 126],
    ]);
  });

  test("a release ends the oldest note of its pitch", () => {
    expect(
      decoded(velocity(1), on(60), shift(10), velocity(2), on(60), shift(10), off(60), shift(10), off(60)),
    ).toEqual([
      [60, 0, 0.2, 3],
      [60, 0.1, 0.3, 7],
    ]);
  });

  test("a release of what does not sound is nothing", () => {
    expect(decoded(off(60), shift(1), on(60), shift(1), off(61), off(60), off(60))).toEqual([
      [60, 0.01, 0.02, 100],
    ]);
  });

  test("a note that ends where it began is nothing, and ends no other", () => {
    expect(decoded(on(60), off(60), shift(5))).toEqual([]);
    expect(decoded(on(60), shift(5), on(60), on(60), off(60), off(60), shift(5), off(60))).toEqual([
      [60, 0, 0.05, 100],
      [60, 0.05, 0.1, 100],
    ]);
  });

  test("what is never released ends with the stream", () => {
    expect(decoded(on(60), shift(100), on(61), shift(50), on(62))).toEqual([
      [60, 0, 1.5, 100],
      [61, 1, 1.5, 100],
    ]);
  });

  test("the stream's length is the music's, silence and all", () => {
    expect(performance388.decode([shift(100), shift(100), shift(50)]).duration).toBe(2.5);
    expect(performance388.decode([])).toMatchObject({ duration: 0, notes: { count: 0 } });
  });

  test("no note is longer than the longest, released or not", () => {
    const sixSeconds = new Array<number>(6).fill(shift(100));
    const tokens = [on(60), on(61), on(62), shift(50), off(62), ...sixSeconds, off(60)];
    expect(lines(performance388.decode(tokens, { maximumNoteSeconds: 5 }))).toEqual([
      [60, 0, 5, 100],
      [61, 0, 5, 100],
      [62, 0, 0.5, 100],
    ]);
    expect(performance388.decode(tokens, { maximumNoteSeconds: 5 }).duration).toBe(6.5);
    expect(lines(performance388.decode(tokens, { maximumNoteSeconds: 0.29 }))[0]).toEqual([60, 0, 0.29, 100]);
  });

  test("ids outside the vocabulary are skipped", () => {
    expect(decoded(-1, on(60), 388, 4000, shift(1), -128, off(60))).toEqual([[60, 0, 0.01, 100]]);
    expect(lines(performance356.decode([356, 387, on(60), shift(1)]))).toEqual([[60, 0, 0.01, 100]]);
  });
});

test("the timeline says what each token does", () => {
  const tokens = [velocity(3), on(60), shift(100), off(60), shift(1), 388, -1];
  const timeline = performance388.timeline?.(tokens);
  expect(Array.from(timeline?.steps ?? [])).toEqual([0, 0, 100, 0, 1, 0, 0]);
  expect(Array.from(timeline?.onset ?? [])).toEqual([-1, 60, -1, -1, -1, -1, -1]);
  expect(Array.from(timeline?.release ?? [])).toEqual([-1, -1, -1, 60, -1, -1, -1]);
});

describe("several programs", () => {
  const duet = createPerformance({
    notes: [0, 1].map((instrument) => ({
      pitch: 60 + instrument,
      start: 0,
      end: 1,
      velocity: 1,
      instrument,
    })),
    instruments: [piano, { ...piano, program: 40 }, { ...piano, program: 73 }],
  });

  test("are refused, and the sentence says what to do", () => {
    expect(() => performance388.encode(duet)).toThrow(
      "found 2 programs (0, 40), expected one: `performance` holds one instrument; " +
        "prepare it with --set programs=merge to join them",
    );
  });

  test("or merged", () => {
    const merged = openRepresentation("performance", { programs: "merge" });
    expect([...merged.encode(duet)]).toEqual([velocity(1), on(60), on(61), shift(100), off(60), off(61)]);
  });

  test("an instrument that plays no note does not count", () => {
    expect(() =>
      performance388.encode(createPerformance({ notes: [], instruments: duet.instruments })),
    ).not.toThrow();
  });
});

/** Section 1.5 of the specification, taken literally. */
function encodeLiterally(notes: readonly Note[], bins: number): number[] {
  const quantised = notes
    .toSorted((a, b) => a.start - b.start || a.pitch - b.pitch)
    .map((note) => {
      const start = Math.floor(note.start * 100 + 0.5);
      const end = Math.floor(note.end * 100 + 0.5);
      return { ...note, start, end: end === start ? end + 1 : end };
    });
  const items = quantised.flatMap(({ start, end }, i) => [
    [start, i, 0],
    [end, i, 1],
  ]);
  items.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  const tokens: number[] = [];
  let s = 0;
  let current = 0;
  for (const [t, i, isOffset] of items) {
    if (t > s) {
      while (t > s + 100) {
        tokens.push(shift(100));
        s += 100;
      }
      tokens.push(shift(t - s));
      s = t;
    }
    const note = quantised[i];
    if (isOffset === 0 && bins > 0) {
      const bin = Math.floor((note.velocity - 1) / Math.ceil(127 / bins)) + 1;
      if (bin !== current) tokens.push(velocity(bin));
      current = bin;
    }
    tokens.push(isOffset === 0 ? on(note.pitch) : off(note.pitch));
  }
  return tokens;
}

test.each([32, 0])("agrees with the specification taken literally, with %i velocity bins", (velocityBins) => {
  const unfolded = openRepresentation("performance", { velocityBins, sustain: false });
  fc.assert(
    fc.property(performances, (performance) => {
      expect([...unfolded.encode(performance)]).toEqual(
        encodeLiterally([...notesOf(performance)], velocityBins),
      );
    }),
    { numRuns: 1000 },
  );
});
