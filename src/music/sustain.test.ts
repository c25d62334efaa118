import { describe, expect, test } from "vitest";
import { createPerformance, type Instrument, notesOf, type Performance, piano } from "./performance.ts";
import { foldSustain } from "./sustain.ts";

/** [pitch, start, end] and, but for the first, an instrument. */
type Line = readonly [pitch: number, start: number, end: number, instrument?: number];
/** [time, value] and, but for the first, a channel. */
type Move = readonly [time: number, value: number, channel?: number];

const kit: Instrument = { ...piano, name: "Kit", isDrum: true };
const second: Instrument = { ...piano, name: "Second piano", channel: 1 };

function play(notes: readonly Line[], moves: readonly Move[], instruments = [piano]): Performance {
  return createPerformance({
    notes: notes.map(([pitch, start, end, instrument = 0]) => ({
      pitch,
      start,
      end,
      velocity: 64,
      instrument,
    })),
    pedals: moves.map(([time, value, channel = 0]) => ({ time, value, channel, controller: 64 })),
    instruments,
  });
}

const lines = (performance: Performance): Line[] =>
  Array.from(notesOf(performance), ({ pitch, start, end, instrument }): Line => {
    return instrument === 0 ? [pitch, start, end] : [pitch, start, end, instrument];
  });

interface Case {
  readonly rule: string;
  readonly notes: readonly Line[];
  readonly pedal: readonly Move[];
  readonly instruments?: Instrument[];
  readonly heard: readonly Line[];
}

const cases: readonly Case[] = [
  {
    rule: "without a pedal nothing changes",
    notes: [[60, 0, 1]],
    pedal: [],
    heard: [[60, 0, 1]],
  },
  {
    rule: "a note that is released under the pedal ends with it",
    notes: [[60, 0, 1]],
    pedal: [
      [0.5, 127],
      [2, 0],
    ],
    heard: [[60, 0, 2]],
  },
  {
    rule: "a note that is still held when the pedal is lifted ends with its key",
    notes: [[60, 0, 3]],
    pedal: [
      [1, 127],
      [2, 0],
    ],
    heard: [[60, 0, 3]],
  },
  {
    rule: "a note that is released as the pedal goes down is caught",
    notes: [[60, 0, 1]],
    pedal: [
      [1, 127],
      [2, 0],
    ],
    heard: [[60, 0, 2]],
  },
  {
    rule: "a note that is released as the pedal is lifted ends there",
    notes: [[60, 0, 2]],
    pedal: [
      [1, 127],
      [2, 0],
      [2.5, 127],
      [3, 0],
    ],
    heard: [[60, 0, 2]],
  },
  {
    rule: "a note that was released before the pedal went down is not brought back",
    notes: [[60, 0, 1]],
    pedal: [
      [1.5, 127],
      [2, 0],
    ],
    heard: [[60, 0, 1]],
  },
  {
    rule: "64 is down, 63 is up",
    notes: [
      [60, 0, 1],
      [61, 3, 4],
    ],
    pedal: [
      [0.5, 64],
      [2, 63],
      [3.5, 63],
      [5, 0],
    ],
    heard: [
      [60, 0, 2],
      [61, 3, 4],
    ],
  },
  {
    rule: "a pedal that moves while it stays down catches nothing anew and frees nothing",
    notes: [[60, 0, 1]],
    pedal: [
      [0.5, 127],
      [1.5, 80],
      [2, 100],
      [3, 10],
    ],
    heard: [[60, 0, 3]],
  },
  {
    rule: "a strike under the pedal ends the note of its pitch before it, released or held",
    notes: [
      [60, 0, 1],
      [60, 2, 6],
      [60, 5, 7],
      [61, 0, 1],
    ],
    pedal: [
      [0.5, 127],
      [9, 0],
    ],
    heard: [
      [60, 0, 2],
      [61, 0, 9],
      [60, 2, 5],
      [60, 5, 9],
    ],
  },
  {
    rule: "a strike without the pedal leaves the note before it alone",
    notes: [
      [60, 0, 3],
      [60, 1, 2],
    ],
    pedal: [
      [4, 127],
      [5, 0],
    ],
    heard: [
      [60, 0, 3],
      [60, 1, 2],
    ],
  },
  {
    rule: "a strike as the pedal goes down is under it",
    notes: [
      [60, 0, 3],
      [60, 1, 2],
    ],
    pedal: [
      [1, 127],
      [5, 0],
    ],
    heard: [
      [60, 0, 1],
      [60, 1, 5],
    ],
  },
  {
    rule: "a strike as the pedal is lifted is not under it",
    notes: [
      [60, 0, 3],
      [60, 1, 2],
    ],
    pedal: [
      [0.5, 127],
      [1, 0],
    ],
    heard: [
      [60, 0, 3],
      [60, 1, 2],
    ],
  },
  {
    rule: "a strike ends a note that an earlier pedal caught and this one holds",
    notes: [
      [60, 0, 2.5],
      [60, 3, 4],
    ],
    pedal: [
      [0.5, 127],
      [1, 0],
      [2, 127],
      [5, 0],
    ],
    heard: [
      [60, 0, 3],
      [60, 3, 5],
    ],
  },
  {
    rule: "of notes of one pitch that begin together under the pedal the last remains",
    notes: [
      [60, 1, 2],
      [60, 1, 1.5],
      [60, 1, 3],
    ],
    pedal: [
      [0, 127],
      [2.5, 0],
    ],
    heard: [[60, 1, 3]],
  },
  {
    rule: "without the pedal they all remain",
    notes: [
      [60, 1, 2],
      [60, 1, 1.5],
    ],
    pedal: [
      [1.75, 127],
      [2.5, 0],
    ],
    heard: [
      [60, 1, 2.5],
      [60, 1, 1.5],
    ],
  },
  {
    rule: "a note without length is caught like any other, and stays without length if nothing catches it",
    notes: [
      [60, 1, 1],
      [60, 3, 3],
    ],
    pedal: [
      [0, 127],
      [2, 0],
    ],
    heard: [
      [60, 1, 2],
      [60, 3, 3],
    ],
  },
  {
    rule: "without a last lifting all that is caught sounds until the last event, here a release",
    notes: [
      [60, 0, 1],
      [61, 0, 5],
    ],
    pedal: [[0.5, 127]],
    heard: [
      [60, 0, 5],
      [61, 0, 5],
    ],
  },
  {
    rule: "or a movement of the pedal",
    notes: [[60, 0, 1]],
    pedal: [
      [0.5, 127],
      [7, 100],
    ],
    heard: [[60, 0, 7]],
  },
  {
    rule: "the last event may be that of another channel, but no drum's",
    notes: [
      [60, 0, 1],
      [60, 2, 4, 1],
      [60, 2, 9, 2],
    ],
    pedal: [[0.5, 127]],
    instruments: [piano, second, kit],
    heard: [
      [60, 0, 4],
      [60, 2, 4, 1],
      [60, 2, 9, 2],
    ],
  },
  {
    rule: "at one time down comes before up, whatever their order in the file",
    notes: [
      [60, 0, 2],
      [61, 2, 2.5],
    ],
    pedal: [
      [1, 127],
      [2, 0],
      [2, 127],
      [3, 0],
    ],
    heard: [
      [60, 0, 2],
      [61, 2, 2.5],
    ],
  },
  {
    rule: "so a pedal that is lifted and pressed at one time frees what it held",
    notes: [[60, 0, 1.5]],
    pedal: [
      [1, 127],
      [2, 0],
      [2, 127],
      [3, 0],
    ],
    heard: [[60, 0, 2]],
  },
  {
    rule: "and a touch that is no longer than an instant holds nothing",
    notes: [[60, 0, 2]],
    pedal: [
      [2, 127],
      [2, 0],
      [3, 0],
    ],
    heard: [[60, 0, 2]],
  },
  {
    rule: "each channel has its own pedal",
    notes: [
      [60, 0, 1],
      [60, 0.75, 1, 1],
    ],
    pedal: [
      [0.5, 127, 1],
      [3, 0, 1],
      [0.5, 127, 7],
      [4, 0, 7],
    ],
    instruments: [piano, second],
    heard: [
      [60, 0, 1],
      [60, 0.75, 3, 1],
    ],
  },
  {
    rule: "two instruments of one channel share strings as they share the pedal",
    notes: [
      [60, 0, 1],
      [60, 2, 3, 1],
    ],
    pedal: [
      [0.5, 127],
      [5, 0],
    ],
    instruments: [piano, { ...piano, name: "Left hand" }],
    heard: [
      [60, 0, 2],
      [60, 2, 5, 1],
    ],
  },
  {
    rule: "drums know no pedal, and end no note",
    notes: [
      [60, 0, 1],
      [60, 2, 3, 1],
    ],
    pedal: [
      [0.5, 127],
      [5, 0],
    ],
    instruments: [piano, kit],
    heard: [
      [60, 0, 5],
      [60, 2, 3, 1],
    ],
  },
];

describe("rules", () => {
  test.each(cases)("$rule", ({ notes, pedal, instruments, heard }) => {
    const folded = foldSustain(play(notes, pedal, instruments));
    expect(lines(folded)).toEqual(heard);
    expect(folded.pedals.count).toBe(0);
  });
});

test("sostenuto and soft pedal hold nothing", () => {
  const performance = createPerformance({
    notes: [{ pitch: 60, start: 0, end: 1, velocity: 64 }],
    pedals: [66, 67].map((controller) => ({ time: 0, controller, value: 127 })),
    duration: 3,
  });
  const folded = foldSustain(performance);
  expect(lines(folded)).toEqual([[60, 0, 1]]);
  expect(folded).toMatchObject({ duration: 3, pedals: { count: 0 } });
});

test("many notes held over many movements take no long time", () => {
  const count = 50_000;
  const performance = createPerformance({
    notes: Array.from({ length: count }, (_, i) => ({
      start: i / 1000,
      end: 100 - i / 1000,
      pitch: i % 128,
      velocity: 64,
    })),
    pedals: Array.from({ length: 2 * count }, (_, i) => ({
      time: i / 1000,
      controller: 64,
      value: (i % 2) * 127,
    })),
  });
  const begin = Date.now();
  foldSustain(performance);
  expect(Date.now() - begin).toBeLessThan(2000);
});
