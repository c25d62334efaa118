import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { midiFromPerformance, readPerformance, writeMidi } from "../midi/index.ts";
import {
  createPerformance,
  type Instrument,
  notesOf,
  type Performance,
  piano,
} from "../music/performance.ts";
import { createRandom } from "../util/random.ts";
import { openRepresentation } from "./index.ts";

const multitrack = openRepresentation("multitrack");
const drums = 128;
const rest = 128;

const violin: Instrument = { name: "Violin I", program: 40, isDrum: false, channel: 1 };
const second: Instrument = { name: "Violin II", program: 40, isDrum: false, channel: 2 };
const kit: Instrument = { name: "Kit", program: 25, isDrum: true, channel: 9 };
const band = [kit, violin, piano, second];

/** [instrument, pitch, start, end, velocity]. */
type Line = readonly [instrument: number, pitch: number, start: number, end: number, velocity: number];

const play = (instruments: readonly Instrument[], ...notes: readonly Line[]) =>
  createPerformance({
    notes: notes.map(([instrument, pitch, start, end, velocity]) => ({
      instrument,
      pitch,
      start,
      end,
      velocity,
    })),
    instruments,
  });

/** [program or "drums", pitch, start]. */
const heard = ({ instruments, ...performance }: Performance) =>
  Array.from(notesOf({ instruments, ...performance }), ({ instrument, pitch, start }) => {
    const { isDrum, program } = instruments[instrument];
    return [isDrum ? "drums" : program, pitch, Number(start.toFixed(6))];
  });

/** Bin of durations: 64 from 10 ms to 20 s. */
const durationBin = (seconds: number) => Math.round((63 * Math.log(seconds / 0.01)) / Math.log(2000));

test("five fields, side by side", () => {
  expect(multitrack.fields).toEqual([
    { name: "shift", size: 101 },
    { name: "program", size: 129 },
    { name: "pitch", size: 129 },
    { name: "velocity", size: 32 },
    { name: "duration", size: 64 },
  ]);
  const names = [
    [0, 0, "shift:0.00000"],
    [100, 0, "shift:1.00000"],
    [40, 1, "program:40"],
    [drums, 1, "drums"],
    [36, 2, "pitch:36"],
    [rest, 2, "rest"],
    [63, 4, "duration:20.00000"],
  ] as const;
  for (const [token, field, name] of names) expect(multitrack.describe(token, field)).toBe(name);
});

test("notes of one moment stand by program, then pitch, drums last", () => {
  const music = play(
    band,
    // A violin that comes 4 ms late stands before a drum on time, and a lower note of it before a higher one.
    [0, 36, 0, 0.1, 127],
    [1, 76, 0.001, 1, 64],
    [3, 67, 0.004, 1, 64],
    [2, 60, 0.5, 1, 1],
  );
  const second1 = durationBin(1);
  expect([...multitrack.encode(music)]).toEqual([
    ...[0, 40, 67, 15, second1],
    ...[0, 40, 76, 15, second1],
    ...[0, drums, 36, 31, durationBin(0.1)],
    ...[50, 0, 60, 0, durationBin(0.5)],
  ]);
});

describe("programs come back out", () => {
  test("one instrument each, drums on the tenth channel, names by General MIDI", () => {
    const music = play(band, [0, 36, 0, 1, 64], [1, 76, 0, 1, 64], [3, 67, 0.5, 1, 64], [2, 60, 1, 2, 64]);
    const decoded = multitrack.decode(multitrack.encode(music));
    expect(decoded.instruments).toEqual([
      { name: "Acoustic Grand Piano", program: 0, isDrum: false, channel: 0 },
      { name: "Violin", program: 40, isDrum: false, channel: 1 },
      { name: "Drums", program: 0, isDrum: true, channel: 9 },
    ]);
    expect(heard(decoded)).toEqual([
      ["drums", 36, 0],
      [40, 76, 0],
      [40, 67, 0.5],
      [0, 60, 1],
    ]);
  });

  test("silence is a piano that does not play", () => {
    expect(multitrack.decode([])).toMatchObject({ instruments: [piano], notes: { count: 0 } });
  });

  test.each([15, 16, 40, 128])("%i programs and drums go through a MIDI file", (count) => {
    const instruments = Array.from({ length: count + 1 }, (_, program): Instrument => {
      return program === count ? kit : { name: "", program: 127 - program, isDrum: false, channel: 0 };
    });
    const music = play(
      instruments,
      ...instruments.flatMap((_, i): Line[] => [
        [i, 40 + (i % 50), 0, 1, 64],
        [i, 41 + (i % 50), i / 100, i / 100 + 0.5, 64],
      ]),
    );
    const tokens = multitrack.encode(music);
    const decoded = multitrack.decode(tokens);
    const lanes = decoded.instruments.map(({ channel }) => channel);
    expect(new Set(lanes).size).toBe(count + 1);
    expect(decoded.instruments.every(({ channel, isDrum }) => (channel % 16 === 9) === isDrum)).toBe(true);
    expect(multitrack.encode(decoded)).toEqual(tokens);
    const read = readPerformance(writeMidi(midiFromPerformance(decoded))).performance;
    expect(multitrack.encode(read)).toEqual(tokens);
  });
});

describe("rests", () => {
  test.each([
    [0.99, 0, 99],
    [1, 0, 100],
    // The millisecond is not lost: the next onset is measured from a second, and makes it good.
    [1.001, 0, 100],
    [1.01, 1, 1],
    [2, 1, 100],
    [61.5, 61, 50],
  ])("a silence of %f s is %i rests and a shift of %i", (seconds, rests, shift) => {
    const tokens = multitrack.encode(play([kit], [0, 36, seconds, seconds + 0.1, 1]));
    expect([...tokens]).toEqual([
      ...new Array<number[]>(rests).fill([100, 0, rest, 0, 0]).flat(),
      ...[shift, drums, 36, 0, durationBin(0.1)],
    ]);
  });

  test("10,000 notes with jitter: no onset is more than 5 ms away", () => {
    const random = createRandom(1);
    let time = 0;
    const notes = Array.from({ length: 10_000 }, (_, i): Line => {
      time += random.next() ** 4 * 3;
      return [i % 4, i % 128, time, time + 0.2, 64];
    });
    // One pitch sounds 78 times, in order.
    const byPitch = (performance: Performance) =>
      [...notesOf(performance)]
        .sort((a, b) => a.pitch - b.pitch || a.start - b.start)
        .map(({ start }) => start);
    const music = play(band, ...notes);
    const [before, after] = [byPitch(music), byPitch(multitrack.decode(multitrack.encode(music)))];
    expect(after).toHaveLength(before.length);
    after.forEach((start, i) => {
      expect(Math.abs(start - before[i])).toBeLessThan(0.005 + 1e-9);
    });
  });
});

test("each instrument has its own sustain pedal, and drums none", () => {
  const music = createPerformance({
    notes: [
      { instrument: 0, pitch: 36, start: 0, end: 0.1, velocity: 64 },
      { instrument: 1, pitch: 60, start: 0, end: 0.1, velocity: 64 },
      { instrument: 2, pitch: 72, start: 0, end: 0.1, velocity: 64 },
    ],
    instruments: band,
    pedals: [1, 9].flatMap((channel) => [
      { time: 0.05, controller: 64, value: 127, channel },
      { time: 2, controller: 64, value: 0, channel },
    ]),
  });
  const durations = (tokens: Int32Array) => Array.from(tokens).filter((_, i) => i % 5 === 4);
  const [short, long] = [durationBin(0.1), durationBin(2)];
  // Piano, violin, drums.
  expect(durations(multitrack.encode(music))).toEqual([short, long, short]);
  const keys = openRepresentation("multitrack", { sustain: false });
  expect(durations(keys.encode(music))).toEqual([short, short, short]);
});

test("a step with an id outside its field is left out, with its time", () => {
  const steps = [
    [101, 0, 60, 0, 9],
    [50, 129, 60, 0, 9],
    [50, 0, 129, 0, 9],
    [50, 0, 60, 32, 9],
    [50, 0, 60, 0, 64],
    [50, -1, 60, 0, 9],
  ];
  for (const wrong of steps)
    expect(heard(multitrack.decode([...wrong, 25, 5, 62, 0, 9]))).toEqual([[5, 62, 0.25]]);
});

test("decoded music has the same tokens", () => {
  fc.assert(
    fc.property(performances, (performance) => {
      const tokens = multitrack.encode(performance);
      expect(multitrack.encode(multitrack.decode(tokens))).toEqual(tokens);
    }),
    { numRuns: 500 },
  );
});

describe("the grammar", () => {
  const refused = (...steps: readonly (readonly number[])[]) => {
    const state = multitrack.grammar("piece");
    for (const [i, token] of steps.flat().entries()) {
      if (state.allowed()[token] !== 1) return [Math.floor(i / 5), i % 5];
      state.advance(token);
    }
    return undefined;
  };
  const note = (shift: number, program: number, pitch: number) => [shift, program, pitch, 0, 0];

  test.each([
    ["up through a moment", [note(0, 5, 60), note(0, 5, 60), note(0, 5, 61), note(0, 6, 3)], undefined],
    ["a lower program in one moment", [note(0, 5, 60), note(0, 4, 70)], [1, 1]],
    ["a lower pitch of one program in one moment", [note(0, 5, 60), note(0, 5, 59)], [1, 2]],
    ["anything in the next moment", [note(0, drums, 60), note(1, 0, 0)], undefined],
    ["a rest after the longest shift", [note(100, 0, rest), note(0, 0, 0)], undefined],
    ["a rest after less", [note(99, 0, rest)], [0, 2]],
    ["a rest of somebody", [note(100, 1, rest)], [0, 2]],
    ["a rest that lasts", [[100, 0, rest, 0, 1]], [0, 4]],
  ])("%s", (_, steps, expected) => {
    expect(refused(...steps)).toEqual(expected);
  });
});
