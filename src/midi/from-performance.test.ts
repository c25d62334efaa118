import { describe, expect, test } from "vitest";
import { printNotes, printPedals, printTracks } from "../../test/midi/print.ts";
import { createPerformance, type Instrument, type Performance, piano } from "../music/performance.ts";
import { notatePerformance } from "../music/score.ts";
import { createTempoMap } from "../music/tempo.ts";
import { UsageError } from "../util/errors.ts";
import { midiFromPerformance, midiFromScore } from "./from-performance.ts";
import { performanceFromMidi, scoreFromMidi } from "./to-performance.ts";

const again = (performance: Performance) => performanceFromMidi(midiFromPerformance(performance)).performance;
const note = (start: number, end: number, pitch: number, instrument = 0) => ({
  start,
  end,
  pitch,
  velocity: 64,
  instrument,
});
const of = (channel: number, more: Partial<Instrument> = {}): Instrument => ({ ...piano, channel, ...more });

test("a performance is format 1, 480 ticks a quarter, with tempo, names, programs and pedals", () => {
  const performance = createPerformance({
    notes: [note(0, 0.5, 60), note(0.5, 1, 62)],
    pedals: [{ time: 0.25, controller: 64, value: 90 }],
  });
  const file = midiFromPerformance(performance, { title: "Étude", texts: ["by hand"] });
  expect(file.format).toBe(1);
  expect(file.division).toEqual({ type: "quarters", ticksPerQuarter: 480 });
  expect(printTracks(file)).toEqual([
    [
      "0: ff 03 [195, 137, 116, 117, 100, 101]",
      "0: ff 01 [98, 121, 32, 104, 97, 110, 100]",
      "0: ff 51 [7, 161, 32]",
      "960: ff 2f []",
    ],
    [
      "0: ff 03 [80, 105, 97, 110, 111]",
      "0: c0 00 00",
      "0: 90 3c 40",
      "240: b0 40 5a",
      "480: 80 3c 40",
      "480: 90 3e 40",
      "960: 80 3e 40",
      "960: ff 2f []",
    ],
  ]);
});

test("on one tick releases come first, then pedals, then onsets; a note too short ends after it began", () => {
  const performance = createPerformance({
    notes: [note(0, 1, 60), note(1, 1.0001, 60), note(1, 2, 64)],
    pedals: [{ time: 1, controller: 64, value: 127 }],
  });
  expect(printTracks(midiFromPerformance(performance))[1].slice(3)).toEqual([
    "960: 80 3c 40",
    "960: b0 40 7f",
    "960: 90 3c 40",
    "960: 90 40 40",
    "960: 80 3c 40",
    "1920: 80 40 40",
    "1920: ff 2f []",
  ]);
});

test("another tempo changes the grid, not the music", () => {
  const performance = createPerformance({ notes: [note(0, 3600, 60), note(3600, 3601, 62)] });
  const { performance: read } = performanceFromMidi(midiFromPerformance(performance, { tempo: 110 }));
  // 60/110 s are 545,454.5 microseconds: an hour would be 3 ms off, were the rounding not taken into account.
  expect(read.notes.start[1]).toBeCloseTo(3600, 2.9);
  expect(Math.abs(read.notes.start[1] - 3600)).toBeLessThan(60 / 110 / 480 / 2 + 1e-9);
});

test.each([0, -1, 3, Number.NaN, Number.POSITIVE_INFINITY])("a tempo of %f is refused", (tempo) => {
  expect(() => midiFromPerformance(createPerformance({ notes: [] }), { tempo })).toThrow(
    `found a tempo of ${tempo}, expected 3.6 to 60,000,000 quarters a minute`,
  );
});

test("music that no file can hold is refused", () => {
  expect(() => midiFromPerformance(createPerformance({ notes: [note(0, 1e6, 60)] }))).toThrow(
    "found music of 1000000 s, expected at most the 28 bits of ticks a MIDI file holds: cut it",
  );
  for (const start of [-1, Number.NaN]) {
    const performance = createPerformance({ notes: [note(start, 1, 60)] });
    expect(() => midiFromPerformance(performance)).toThrow(UsageError);
  }
});

describe("lanes", () => {
  const shared = [of(0, { program: 0 }), of(0, { program: 48 })];

  test("that several programs share change the program at each note", () => {
    const performance = createPerformance({
      notes: [note(0, 1, 60, 0), note(1, 2, 62, 0), note(2, 3, 64, 1), note(3, 4, 65, 0)],
      instruments: shared,
    });
    const events = printTracks(midiFromPerformance(performance)).slice(1).flat();
    expect(events.filter((event) => event.includes(" c0 "))).toEqual([
      "0: c0 00 00",
      "2880: c0 00 00",
      "1920: c0 30 00",
    ]);
    expect(again(performance).instruments).toEqual(shared);
    expect(Array.from(again(performance).notes.instrument)).toEqual([0, 0, 1, 0]);
  });

  test("of other ports are written with their port", () => {
    const performance = createPerformance({
      notes: [note(0, 1, 60)],
      instruments: [of(35)],
      pedals: [
        { time: 0, controller: 64, value: 1, channel: 35 },
        { time: 0.5, controller: 67, value: 2, channel: 20 },
      ],
    });
    expect(again(performance).instruments[0].channel).toBe(35);
    expect(printPedals(again(performance))).toEqual(["0 cc64=1 on lane 35", "0.5 cc67=2 on lane 20"]);
  });

  test("of drums are the tenth channel, and nobody else's; pedals go with them", () => {
    const performance = createPerformance({
      notes: [note(0, 1, 36, 0), note(0, 1, 60, 1), note(0, 1, 61, 2)],
      instruments: [of(0, { isDrum: true, name: "Kit" }), of(9, { name: "Harp" }), of(1, { name: "Flute" })],
      pedals: [{ time: 0, controller: 64, value: 127, channel: 9 }],
    });
    expect(again(performance).instruments).toEqual([
      of(9, { isDrum: true, name: "Kit" }),
      of(0, { name: "Harp" }),
      of(1, { name: "Flute" }),
    ]);
    expect(printPedals(again(performance))).toEqual(["0 cc64=127 on lane 0"]);
  });
});

test("silence keeps its length, and nothing is something", () => {
  expect(again(createPerformance({ notes: [], duration: 2 })).duration).toBe(2);
  expect(printTracks(midiFromPerformance(createPerformance({ notes: [], instruments: [] })))).toEqual([
    ["0: ff 51 [7, 161, 32]", "0: ff 2f []"],
  ]);
});

describe("a score", () => {
  const tempo = createTempoMap([
    { quarter: 0, secondsPerQuarter: 0.6 },
    { quarter: 2, secondsPerQuarter: 0.3 },
  ]);

  test("is written with its tempo map and signatures", () => {
    const score = {
      ...notatePerformance(createPerformance({ notes: [note(0, 1.2, 60), note(1.2, 1.5, 62)] }), tempo),
      timeSignatures: [{ quarter: 0, numerator: 7, denominator: 8 }],
      keySignatures: [{ quarter: 2, sharps: -4, mode: "major" as const }],
    };
    const { score: read } = scoreFromMidi(midiFromScore(score));
    expect(Array.from(read.notes.start)).toEqual([0, 2]);
    expect(Array.from(read.notes.end)).toEqual([2, 3]);
    expect(read.tempo).toEqual(tempo);
    expect(read.timeSignatures).toEqual(score.timeSignatures);
    expect(read.keySignatures).toEqual(score.keySignatures);
    expect(printNotes(performanceFromMidi(midiFromScore(score)).performance)).toEqual([
      "0-1.2 C4 64",
      "1.2-1.5 D4 64",
    ]);
  });

  test("leaves out tempo changes behind its end, and ends no earlier than its last note", () => {
    const score = {
      ...notatePerformance(createPerformance({ notes: [note(0, 0.6, 60)] }), tempo),
      length: 0,
    };
    const [conductor, music] = printTracks(midiFromScore(score));
    expect(conductor).toEqual(["0: ff 51 [9, 39, 192]", "480: ff 2f []"]);
    expect(music.at(-1)).toBe("480: ff 2f []");
  });
});
