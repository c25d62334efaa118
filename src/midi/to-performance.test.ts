import { describe, expect, test } from "vitest";
import { end, quarterNote, smf, smpte, track } from "../../test/midi/bytes.ts";
import { hear, printNotes, printPedals, printWarnings } from "../../test/midi/print.ts";
import { readMidi } from "./reader.ts";
import { performanceFromMidi, readPerformance, scoreFromMidi } from "./to-performance.ts";

const perform = (bytes: Uint8Array) => readPerformance(bytes).performance;
const score = (bytes: Uint8Array) => scoreFromMidi(readMidi(bytes).file);

/** A tempo event; 500,000 microseconds a quarter is 120 a minute. */
const tempo = (microseconds: number, delta = 0) => [
  delta,
  0xff,
  0x51,
  3,
  microseconds >> 16,
  (microseconds >> 8) & 0xff,
  microseconds & 0xff,
];

describe("time", () => {
  test("is 120 quarters a minute where nothing is said", () => {
    expect(hear(smf([track(...quarterNote(60), ...end)])).notes).toEqual(["0-0.5 C4 64"]);
  });

  test("follows the tempo, also where another track sets it, in the middle of a note", () => {
    const conductor = track(...tempo(1_000_000), ...tempo(250_000, 0x60), ...end);
    const music = track(...quarterNote(60), 0x00, 0x90, 62, 64, 0x30, 0x80, 62, 0, ...end);
    expect(hear(smf([conductor, music])).notes).toEqual(["0-1 C4 64", "1-1.125 D4 64"]);
    expect(hear(smf([music, conductor])).notes).toEqual(["0-1 C4 64", "1-1.125 D4 64"]);
    const late = track(...tempo(1_000_000, 0x30), ...end);
    expect(hear(smf([music, late])).notes).toEqual(["0-0.75 C4 64", "0.75-1.25 D4 64"]);
  });

  test("of two tempos on one tick follows the one given last", () => {
    const both = track(...tempo(250_000), ...tempo(1_000_000), ...quarterNote(60), ...end);
    expect(hear(smf([both])).notes).toEqual(["0-1 C4 64"]);
  });

  test("knows no tempo of zero, nor one without a value", () => {
    const bad = track(...tempo(0), 0x00, 0xff, 0x51, 2, 7, 7, ...quarterNote(60), ...end);
    expect(hear(smf([bad]))).toEqual({
      notes: ["0-0.5 C4 64"],
      warnings: [
        "byte 22: a tempo of zero or without a value; left it out (bad-tempo)",
        "byte 29: a tempo of zero or without a value; left it out (bad-tempo)",
      ],
    });
  });

  // 24,000 ticks, at 80 ticks a frame 300 frames: 12.5 s, 12 s, 10.01 s, 10 s.
  test.each([
    [24, 12.5],
    [25, 12],
    [29, 10.01],
    [30, 10],
  ])("at %i frames a second is real: 300 frames are %f s, whatever the tempo", (frames, seconds) => {
    const body = [...tempo(1_000_000), 0x00, 0x90, 60, 64, 0x81, 0xbb, 0x40, 0x80, 60, 0];
    const { notes } = perform(smf([track(...body, ...end)], { division: smpte(frames, 80) }));
    expect(notes.end[0]).toBeCloseTo(seconds, 12);
  });

  test("of enormous ticks is finite, and in order", () => {
    const slow = tempo(0xffffff);
    const eons = Array.from({ length: 50 }, () => [0xff, 0xff, 0xff, 0x7f, 0x90, 60, 64]).flat();
    const { notes, duration } = perform(smf([track(...slow, ...eons, ...end)], { division: 1 }));
    expect(notes.count).toBe(50);
    expect(duration).toBeCloseTo(50 * 0x0fffffff * 16.777215, -3);
    for (let i = 1; i < 50; i++) expect(notes.start[i]).toBeGreaterThan(notes.start[i - 1]);
  });

  test("ends with the longest track", () => {
    const silence = track(0x83, 0x00, 0xff, 0x2f, 0x00);
    expect(perform(smf([track(...quarterNote(60), ...end), silence])).duration).toBe(2);
  });
});

describe("format 2", () => {
  const bytes = smf(
    [
      track(...tempo(1_000_000), ...quarterNote(60), ...end),
      track(...quarterNote(62), ...end),
      track(...tempo(250_000), ...quarterNote(64), ...end),
    ],
    { format: 2 },
  );

  test("has patterns that follow one another, each with its own tempo", () => {
    expect(hear(bytes)).toEqual({ notes: ["0-1 C4 64", "1-1.5 D4 64", "1.5-1.75 E4 64"], warnings: [] });
  });

  test("is one score with one tempo map", () => {
    const { score: pattern } = score(bytes);
    expect(Array.from(pattern.notes.start)).toEqual([0, 1, 2]);
    expect(pattern.tempo).toEqual([
      { quarter: 0, second: 0, secondsPerQuarter: 1 },
      { quarter: 1, second: 1, secondsPerQuarter: 0.5 },
      { quarter: 2, second: 1.5, secondsPerQuarter: 0.25 },
    ]);
    expect(pattern.length).toBe(3);
  });
});

describe("notes", () => {
  const on = (pitch: number, delta = 0) => [delta, 0x90, pitch, 64];
  const off = (pitch: number, delta = 0) => [delta, 0x80, pitch, 0];

  test("end with a note-off, or a note-on of velocity 0", () => {
    expect(hear(smf([track(...on(60), 0x60, 0x90, 60, 0, ...on(62), ...off(62, 0x60), ...end)]))).toEqual({
      notes: ["0-0.5 C4 64", "0.5-1 D4 64"],
      warnings: [],
    });
  });

  test("that are never released end with their track", () => {
    expect(hear(smf([track(...on(60), 0x60, ...end.slice(1))]))).toEqual({
      notes: ["0-0.5 C4 64"],
      warnings: ["byte 22: track 0: pitch 60 is never released; ended it with its track (stuck-note)"],
    });
  });

  test("that do not sound cannot be released", () => {
    expect(hear(smf([track(...off(60), ...quarterNote(62), ...off(62), ...end)]))).toEqual({
      notes: ["0-0.5 D4 64"],
      warnings: [
        "byte 22: track 0: release of pitch 60, which does not sound; left it out (orphan-note-off)",
        "byte 34: track 0: release of pitch 62, which does not sound; left it out (orphan-note-off)",
      ],
    });
  });

  test("that overlap on one pitch end in the order they began", () => {
    const overlap = track(...on(60), ...on(60, 0x30), ...off(60, 0x30), ...off(60, 0x60), ...end);
    expect(hear(smf([overlap]))).toEqual({
      notes: ["0-0.5 C4 64", "0.25-1 C4 64"],
      warnings: [
        "byte 26: track 0: pitch 60 struck again while it sounds; the first release ends the older note (overlapping-note)",
      ],
    });
  });

  test("of different channels and tracks do not mix", () => {
    const two = [0x00, 0x90, 60, 64, 0x30, 0x91, 60, 65, 0x30, 0x80, 60, 0, 0x30, 0x81, 60, 0];
    expect(hear(smf([track(...two, ...end), track(...quarterNote(60), ...end)]))).toEqual({
      notes: ["0-0.5 C4 64", "0-0.5 C4 64", "0.25-0.75 C4 65"],
      warnings: [],
    });
  });

  test("are sorted by start, then pitch", () => {
    const chord = track(...on(67), ...on(60), ...on(64), ...off(60, 0x60), ...off(64), ...off(67), ...end);
    const earlier = track(...quarterNote(48), ...end);
    expect(hear(smf([chord, earlier])).notes.map((note) => note.split(" ")[1])).toEqual([
      "C3",
      "C4",
      "E4",
      "G4",
    ]);
  });

  test.each([120, 123, 124, 125, 126, 127])("all end at controller %i", (controller) => {
    const silence = [0x30, 0xb0, controller, 0];
    expect(hear(smf([track(...on(60), ...on(64), ...silence, ...quarterNote(60), ...end)]))).toEqual({
      notes: ["0-0.25 C4 64", "0-0.25 E4 64", "0.25-0.75 C4 64"],
      warnings: [],
    });
  });
});

describe("pedals", () => {
  test("64, 66 and 67 keep their continuous values; other controllers are no pedals", () => {
    const moves = [
      0x00, 0xb0, 64, 33, 0x30, 0xb0, 64, 90, 0x00, 0xb0, 7, 100, 0x30, 0xb3, 66, 127, 0x00, 0xb0, 67, 1,
    ];
    expect(printPedals(perform(smf([track(...moves, ...end)])))).toEqual([
      "0 cc64=33 on lane 0",
      "0.25 cc64=90 on lane 0",
      "0.5 cc66=127 on lane 3",
      "0.5 cc67=1 on lane 0",
    ]);
  });

  test("are merged over tracks by time", () => {
    const first = track(0x60, 0xb0, 64, 1, ...end);
    const second = track(0x30, 0xb1, 64, 2, 0x60, 0xb1, 64, 3, ...end);
    expect(printPedals(perform(smf([first, second])))).toEqual([
      "0.25 cc64=2 on lane 1",
      "0.5 cc64=1 on lane 0",
      "0.75 cc64=3 on lane 1",
    ]);
  });

  test("that are down rise when all controllers are reset", () => {
    const moves = [0x00, 0xb0, 64, 127, 0x00, 0xb0, 67, 0, 0x60, 0xb0, 121, 0, 0x60, 0xb0, 121, 0];
    expect(printPedals(perform(smf([track(...moves, ...end)])))).toEqual([
      "0 cc64=127 on lane 0",
      "0 cc67=0 on lane 0",
      "0.5 cc64=0 on lane 0",
    ]);
  });
});

describe("instruments", () => {
  const named = (name: string) => [
    0x00,
    0xff,
    0x03,
    name.length,
    ...[...name].map((letter) => letter.charCodeAt(0)),
  ];

  test("have the name of their track, their program, and their channel; the tenth plays drums", () => {
    const violin = track(...named("Violin"), 0x00, 0xc2, 40, 0x00, 0x92, 60, 64, 0x60, 0x82, 60, 0, ...end);
    const kit = track(...named("Kit"), 0x00, 0x99, 36, 64, 0x60, 0x89, 36, 0, ...end);
    expect(perform(smf([violin, kit])).instruments).toEqual([
      { name: "Violin", program: 40, isDrum: false, channel: 2 },
      { name: "Kit", program: 0, isDrum: true, channel: 9 },
    ]);
  });

  test("take their name as UTF-8, or as Latin-1", () => {
    const flute = (letters: readonly number[]) => [
      0x00,
      0xff,
      0x03,
      letters.length,
      ...letters,
      ...quarterNote(60),
      ...end,
    ];
    expect(perform(smf([track(...flute([0x46, 0x6c, 0xc3, 0xb6, 0x74, 0x65]))])).instruments[0].name).toBe(
      "Flöte",
    );
    expect(perform(smf([track(...flute([0x46, 0x6c, 0xf6, 0x74, 0x65]))])).instruments[0].name).toBe("Flöte");
  });

  test("change with the program", () => {
    const change = [
      ...quarterNote(60),
      0x00,
      0xc0,
      19,
      ...quarterNote(62),
      0x00,
      0xc0,
      0,
      ...quarterNote(64),
    ];
    const { notes, instruments } = perform(smf([track(...change, ...end)]));
    expect(instruments.map(({ program }) => program)).toEqual([0, 19]);
    expect(Array.from(notes.instrument)).toEqual([0, 1, 0]);
  });

  test("borrow a program that another track sets on their lane, from its tick on", () => {
    const setter = track(0x00, 0xc0, 19, 0x60, 0xc0, 48, ...end);
    const music = track(...quarterNote(60), ...quarterNote(62), ...end);
    const { notes, instruments } = perform(smf([setter, music]));
    expect(instruments.map(({ program }) => program)).toEqual([19, 48]);
    expect(Array.from(notes.instrument)).toEqual([0, 1]);
    const elsewhere = track(0x00, 0xff, 0x21, 1, 1, 0x00, 0xc0, 19, ...end);
    expect(perform(smf([elsewhere, music])).instruments.map(({ program }) => program)).toEqual([0]);
  });

  test("on other ports have lanes of their own", () => {
    const port = track(0x00, 0xff, 0x21, 1, 2, ...quarterNote(60), 0x00, 0xb0, 64, 127, ...end);
    const performance = perform(smf([port]));
    expect(performance.instruments[0].channel).toBe(32);
    expect(printPedals(performance)).toEqual(["0.5 cc64=127 on lane 32"]);
  });

  test("may be too many to count", () => {
    const everything: number[] = [];
    for (let channel = 0; channel < 16; channel++) {
      for (let program = 0; program < 128; program++) {
        everything.push(0, 0xc0 | channel, program, 0, 0x90 | channel, 60, 64, 1, 0x80 | channel, 60, 0);
      }
    }
    const body = track(...everything, ...end);
    const { performance, warnings } = readPerformance(smf(Array.from({ length: 33 }, () => body)));
    expect(performance.instruments.length).toBe(65_536);
    expect(Math.max(...(performance.notes.instrument as Uint16Array))).toBe(65_535);
    expect(printWarnings(warnings)[0]).toBe(
      "more than 65536 instruments; gave their notes to the last one (too-many-instruments)",
    );
  });
});

describe("a score", () => {
  test("is in quarters, with its tempo map and signatures", () => {
    const conductor = track(
      ...tempo(500_000),
      ...[0x00, 0xff, 0x58, 4, 6, 3, 24, 8],
      ...[0x00, 0xff, 0x59, 2, 0xfd, 1],
      ...tempo(250_000, 0x60),
      ...[0x60, 0xff, 0x58, 4, 3, 2, 24, 8],
      ...end,
    );
    const { score: read, warnings } = score(
      smf([conductor, track(...quarterNote(60), ...quarterNote(62), ...end)]),
    );
    expect(Array.from(read.notes.start)).toEqual([0, 1]);
    expect(Array.from(read.notes.end)).toEqual([1, 2]);
    expect(read.tempo).toEqual([
      { quarter: 0, second: 0, secondsPerQuarter: 0.5 },
      { quarter: 1, second: 0.5, secondsPerQuarter: 0.25 },
    ]);
    expect(read.timeSignatures).toEqual([
      { quarter: 0, numerator: 6, denominator: 8 },
      { quarter: 2, numerator: 3, denominator: 4 },
    ]);
    expect(read.keySignatures).toEqual([{ quarter: 0, sharps: -3, mode: "minor" }]);
    expect(read.length).toBe(2);
    expect(warnings).toEqual([]);
  });

  test("leaves out signatures that make no sense", () => {
    const odd = [
      0x00, 0xff, 0x58, 4, 0, 2, 24, 8, 0x00, 0xff, 0x58, 2, 4, 99, 0x00, 0xff, 0x59, 2, 20, 0, 0x00, 0xff,
      0x59, 0,
    ];
    const { score: read, warnings } = score(smf([track(...odd, ...end)]));
    expect([read.timeSignatures, read.keySignatures]).toEqual([[], []]);
    expect(printWarnings(warnings)).toEqual([
      "byte 22: a time signature of bytes [0, 2, 24, 8]; left it out (bad-signature)",
      "byte 30: a time signature of bytes [4, 99]; left it out (bad-signature)",
      "byte 36: a key signature of bytes [20, 0]; left it out (bad-signature)",
      "byte 42: a key signature of bytes []; left it out (bad-signature)",
    ]);
  });

  test("of real time counts at the default tempo", () => {
    const { score: read } = score(smf([track(...quarterNote(60), ...end)], { division: smpte(24, 4) }));
    expect(Array.from(read.notes.end)).toEqual([2]);
    expect(read.tempo).toEqual([{ quarter: 0, second: 0, secondsPerQuarter: 0.5 }]);
  });
});

test("what is read is frozen", () => {
  const { performance, warnings } = performanceFromMidi(
    readMidi(smf([track(...quarterNote(60), ...end)])).file,
  );
  expect(printNotes(performance)).toEqual(["0-0.5 C4 64"]);
  expect(warnings).toEqual([]);
  for (const value of [performance, performance.notes, performance.pedals, performance.instruments]) {
    expect(Object.isFrozen(value)).toBe(true);
  }
});
