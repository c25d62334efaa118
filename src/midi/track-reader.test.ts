import { describe, expect, test } from "vitest";
import { chunk, end, quarterNote, smf, track } from "../../test/midi/bytes.ts";
import { hear, printTracks, printWarnings } from "../../test/midi/print.ts";
import { readMidi } from "./reader.ts";

/** The events of the one track of a file, then what was mended. The track begins at byte 22. */
function read(...body: readonly number[]) {
  const { file, warnings } = readMidi(smf([track(...body)]));
  return { events: printTracks(file)[0], warnings: printWarnings(warnings) };
}

describe("delta times", () => {
  test.each([
    [[0x00], 0],
    [[0x7f], 127],
    [[0x81, 0x00], 128],
    [[0xff, 0x7f], 16_383],
    [[0x81, 0x80, 0x00], 16_384],
    [[0xff, 0xff, 0xff, 0x7f], 0x0fffffff],
    [[0x80, 0x00], 0],
    [[0x80, 0x80, 0x80, 0x05], 5],
  ])("%j is %i", (bytes, ticks) => {
    expect(read(...bytes, 0xc0, 5, ...end)).toEqual({
      events: [`${ticks}: c0 05 00`, `${ticks}: ff 2f []`],
      warnings: [],
    });
  });

  test("of more than four bytes keep their value, if it is one", () => {
    expect(read(0x80, 0x80, 0x80, 0x80, 0x80, 0x05, 0xc0, 5, ...end)).toEqual({
      events: ["5: c0 05 00", "5: ff 2f []"],
      warnings: ["byte 22: track 0: a delta time of 6 bytes; took its value (bad-number)"],
    });
  });

  test("over 28 bits are left out with their event, up to the next events that make sense", () => {
    expect(read(0x00, 0xc0, 5, 0xff, 0xff, 0xff, 0xff, 0x7f, 0xc0, 6, 0x10, 0xc0, 7, ...end)).toEqual({
      events: ["0: c0 05 00", "127: c0 06 00", "143: c0 07 00", "143: ff 2f []"],
      warnings: ["byte 25: track 0: a delta time over 28 bits; went on at byte 29 (bad-number)"],
    });
  });

  test("without end are the end of the track", () => {
    const endless = Array.from({ length: 5_000 }, () => 0xff);
    expect(read(...quarterNote(60), ...endless)).toEqual({
      events: ["0: 90 3c 40", "96: 80 3c 40", "96: ff 2f []"],
      warnings: [
        "byte 30: track 0: a delta time over 28 bits; left out the rest of the track (bad-number)",
        "byte 5030: track 0: no End of Track; added one (missing-end-of-track)",
      ],
    });
    expect(read(...quarterNote(60), ...endless.map(() => 0x80)).warnings[0]).toBe(
      "byte 30: track 0: the end inside a delta time; dropped it (truncated)",
    );
  });

  test("may add up to years", () => {
    const day = [0xff, 0xff, 0xff, 0x7f, 0xc0, 5];
    const { events, warnings } = read(...day, ...day, ...day, ...end);
    expect(events.at(-1)).toBe("805306365: ff 2f []");
    expect(warnings).toEqual([]);
  });

  test("of events that are left out count for the next, but not for years", () => {
    expect(read(0x10, 0x90, 200, 64, 0x10, 0xc0, 5, ...end).events).toEqual(["32: c0 05 00", "32: ff 2f []"]);
    const year = [0xff, 0xff, 0xff, 0x7f, 0x90, 200, 64];
    expect(read(...year, ...year, 0x10, 0xc0, 5, ...end).events).toEqual(["16: c0 05 00", "16: ff 2f []"]);
  });
});

describe("running status", () => {
  test("repeats the last status", () => {
    const { events, warnings } = read(0x00, 0x90, 60, 64, 0x60, 60, 0, 0x00, 0xc0, 5, 0x01, 6, ...end);
    expect(events).toEqual(["0: 90 3c 40", "96: 90 3c 00", "96: c0 05 00", "97: c0 06 00", "97: ff 2f []"]);
    expect(warnings).toEqual([]);
  });

  test("goes on after a meta event, and is reported", () => {
    const lyric = [0x00, 0xff, 0x05, 2, 0x6c, 0x61];
    expect(read(0x00, 0x90, 60, 64, ...lyric, 0x60, 60, 0, 0x00, 62, 64, ...end)).toEqual({
      events: ["0: 90 3c 40", "0: ff 05 [108, 97]", "96: 90 3c 00", "96: 90 3e 40", "96: ff 2f []"],
      warnings: [
        "byte 33: track 0: running status across a meta or system event; went on with status 90 (running-status-across)",
      ],
    });
  });

  test("goes on after a system exclusive event", () => {
    expect(read(0x00, 0x90, 60, 64, 0x00, 0xf0, 2, 0x7e, 0xf7, 0x60, 60, 0, ...end)).toEqual({
      events: ["0: 90 3c 40", "0: f0 [126, 247]", "96: 90 3c 00", "96: ff 2f []"],
      warnings: [
        "byte 32: track 0: running status across a meta or system event; went on with status 90 (running-status-across)",
      ],
    });
  });

  test("cannot begin a track: what has no status is skipped", () => {
    expect(read(0x00, 60, 64, 0x60, 60, 0, ...quarterNote(62), ...end)).toEqual({
      events: ["0: 90 3e 40", "96: 80 3e 40", "96: ff 2f []"],
      warnings: ["byte 22: track 0: 6 bytes without a status; skipped them (no-status)"],
    });
    expect(read(0x00, 60, 64, 0x60, 60, 0)).toEqual({
      events: ["0: ff 2f []"],
      warnings: [
        "byte 22: track 0: 6 bytes without a status; left out the rest of the track (no-status)",
        "byte 28: track 0: no End of Track; added one (missing-end-of-track)",
      ],
    });
  });
});

describe("system exclusive", () => {
  test("may come in parts: F0, then F7 packets with time between", () => {
    const parts = [0x00, 0xf0, 3, 0x43, 0x12, 0x00, 0x81, 0x48, 0xf7, 6, 0x43, 0x12, 0x00, 0x43, 0x12, 0x00];
    const last = [0x64, 0xf7, 4, 0x43, 0x12, 0x00, 0xf7];
    expect(read(...parts, ...last, ...end)).toEqual({
      events: [
        "0: f0 [67, 18, 0]",
        "200: f7 [67, 18, 0, 67, 18, 0]",
        "300: f7 [67, 18, 0, 247]",
        "300: ff 2f []",
      ],
      warnings: [],
    });
  });

  test("F7 escapes any byte", () => {
    expect(read(0x00, 0xf7, 1, 0xf3, ...end)).toEqual({
      events: ["0: f7 [243]", "0: ff 2f []"],
      warnings: [],
    });
  });

  test("longer than the track is dropped, and reading goes on where events follow", () => {
    const { events, warnings } = read(
      ...quarterNote(60),
      0x00,
      0xf0,
      0x7f,
      0x41,
      0xf7,
      ...quarterNote(60),
      ...end,
    );
    expect(events).toEqual(["0: 90 3c 40", "96: 80 3c 40", "96: 90 3c 40", "192: 80 3c 40", "192: ff 2f []"]);
    expect(warnings).toEqual([
      "byte 30: track 0: an event longer than what is left; dropped it, went on at byte 35 (truncated)",
    ]);
  });
});

test("meta events keep whatever type and contents they have", () => {
  expect(read(0x00, 0xff, 0x60, 0, 0x00, 0xff, 0x51, 1, 9, ...end).events).toEqual([
    "0: ff 60 []",
    "0: ff 51 [9]",
    "0: ff 2f []",
  ]);
});

describe("system messages that have no place in a file", () => {
  test.each([
    [0xf1, [0x7f]],
    [0xf2, [0x7f, 0x7f]],
    [0xf3, [0x7f]],
    [0xf4, []],
    [0xf6, []],
    [0xf8, []],
    [0xfe, []],
  ])("%i is skipped with its data", (status, data) => {
    expect(read(0x10, status, ...data, 0x10, 0x90, 60, 64, ...end)).toEqual({
      events: ["32: 90 3c 40", "32: ff 2f []"],
      warnings: [`byte 22: track 0: system message ${status.toString(16)}; skipped it (system-message)`],
    });
  });
});

describe("data bytes over 127", () => {
  test("second: the value is taken as 127", () => {
    expect(read(0x00, 0xb0, 0, 168, 0x00, 0x90, 60, 200, ...end)).toEqual({
      events: ["0: b0 00 7f", "0: 90 3c 7f", "0: ff 2f []"],
      warnings: [
        "byte 25: track 0: data byte 168 over 127; took 127 (bad-data-byte)",
        "byte 29: track 0: data byte 200 over 127; took 127 (bad-data-byte)",
      ],
    });
  });

  test("first: there is no such pitch, controller or program, so the event is dropped", () => {
    expect(read(0x00, 0x90, 130, 64, 0x60, 0xc0, 128, 0x00, 0x90, 60, 64, ...end)).toEqual({
      events: ["96: 90 3c 40", "96: ff 2f []"],
      warnings: [
        "byte 24: track 0: data byte 130 over 127; dropped the event (bad-data-byte)",
        "byte 28: track 0: data byte 128 over 127; dropped the event (bad-data-byte)",
      ],
    });
  });

  test("in every note of a program that knows no better cost only those", () => {
    const loud = [60, 62, 64, 65].flatMap((pitch) => [0x00, 0x90, pitch, 128, 0x60, 0x90, pitch, 0]);
    const { notes, warnings } = hear(smf([track(...loud, ...end)]));
    expect(notes).toEqual(["0-0.5 C4 127", "0.5-1 D4 127", "1-1.5 E4 127", "1.5-2 F4 127"]);
    expect(warnings.length).toBe(4);
  });
});

describe("a heap of bad bytes", () => {
  const before = [60, 62, 64].flatMap(quarterNote);
  const after = [65, 67, 69, 71, 72, 74, 76, 77, 79].flatMap(quarterNote);
  // From Issue104_Bizarre_Love_Triangle2.mid, byte 16,384 on.
  const noise = [
    0x00, 0xae, 0x6d, 0xf9, 0x4c, 0x74, 0xf0, 0x66, 0xc0, 0xd0, 0x5a, 0x6a, 0xa8, 0xb1, 0x1e, 0xf4, 0xfc,
    0x17, 0x52, 0x3f, 0x7e, 0xc1, 0x68, 0xbe, 0x3b, 0xfb, 0xfa, 0x45, 0x57, 0xc1, 0x5b, 0x85,
  ];

  test("is no music, and what follows is", () => {
    const { notes, warnings } = hear(smf([track(...before, ...noise, ...after, ...end)]));
    expect(notes.slice(0, 4)).toEqual(["0-0.5 C4 64", "0.5-1 D4 64", "1-1.5 E4 64", "1.5-2 F4 64"]);
    expect(notes.length).toBe(12);
    expect(warnings).toEqual(["byte 46: track 0: 32 bytes that are no events; skipped them (garbage)"]);
  });

  test("at the end of a track is left out", () => {
    const { notes, warnings } = hear(smf([chunk("MTrk", [...before, ...noise])]));
    expect(notes.length).toBe(3);
    expect(warnings).toEqual([
      "byte 46: track 0: 32 bytes that are no events; left out the rest of the track (garbage)",
      "byte 78: track 0: no End of Track; added one (missing-end-of-track)",
    ]);
  });
});
