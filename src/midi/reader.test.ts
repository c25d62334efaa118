import { describe, expect, test } from "vitest";
import { asciiBytes, chunk, end, quarterNote, smf, smpte, track } from "../../test/midi/bytes.ts";
import { hear, printWarnings, refusalOf } from "../../test/midi/print.ts";
import { tracksOf } from "./file.ts";
import { readMidi } from "./reader.ts";

const C4 = track(...quarterNote(60), ...end);
const D4 = track(...quarterNote(62), ...end);
const notes = (...names: readonly string[]) => names.map((name) => `0-0.5 ${name} 64`);
const mended = (bytes: Uint8Array) => printWarnings(readMidi(bytes).warnings);
const changed = (bytes: Uint8Array, at: number, ...values: readonly number[]) => {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
};

describe("the header", () => {
  test("has a format, a number of tracks, and a division", () => {
    const { file, warnings } = readMidi(smf([C4, D4], { division: 480 }));
    expect(file.format).toBe(1);
    expect(file.division).toEqual({ type: "quarters", ticksPerQuarter: 480 });
    expect(tracksOf(file).length).toBe(2);
    expect(warnings).toEqual([]);
  });

  test.each([
    [24, 24],
    [25, 25],
    [29, 30_000 / 1001],
    [30, 30],
  ])("counts %i frames a second", (frames, framesPerSecond) => {
    const { file } = readMidi(smf([C4], { division: smpte(frames, 80) }));
    expect(file.division).toEqual({ type: "smpte", framesPerSecond, ticksPerFrame: 80 });
  });

  test("of another format is read as format 1", () => {
    expect(hear(smf([C4, D4], { format: 7 }))).toEqual({
      notes: notes("C4", "D4"),
      warnings: ["byte 8: format 7; read it as format 1 (bad-header)"],
    });
  });

  test("of format 0 may have several tracks", () => {
    expect(hear(smf([C4, D4], { format: 0 }))).toEqual({
      notes: notes("C4", "D4"),
      warnings: ["byte 8: format 0 with 2 tracks; let them sound together (bad-header)"],
    });
  });

  test("may be longer than six bytes, or only say so", () => {
    const longer = [...smf([]).subarray(0, 14), 1, 2, ...C4];
    longer[7] = 8;
    longer[11] = 1;
    expect(hear(Uint8Array.from(longer))).toEqual({
      notes: notes("C4"),
      warnings: ["byte 4: a header of 8 bytes; skipped what is past the sixth (bad-header)"],
    });
    expect(hear(changed(smf([C4]), 7, 22))).toEqual({
      notes: notes("C4"),
      warnings: ["byte 4: a header of 22 bytes; read it as six (bad-header)"],
    });
    expect(hear(changed(smf([C4]), 4, 6, 0, 0, 0)).notes).toEqual(notes("C4"));
  });

  test("may announce tracks that are not there, and leave out those that are", () => {
    const done = "took those that are there (track-count)";
    expect(hear(smf([C4], { tracks: 30 }))).toEqual({
      notes: notes("C4"),
      warnings: [`byte 10: 30 tracks announced, 1 there; ${done}`],
    });
    expect(hear(smf([C4, D4], { tracks: 1 }))).toEqual({
      notes: notes("C4", "D4"),
      warnings: [`byte 10: 1 tracks announced, 2 there; ${done}`],
    });
  });

  test("alone is no music, and says so", () => {
    expect(hear(smf([]))).toEqual({
      notes: [],
      warnings: ["byte 10: no track at all; gave back a file without music (track-count)"],
    });
  });

  test("that makes no sense is refused", () => {
    const refusal = (bytes: Uint8Array) => refusalOf(() => readMidi(bytes));
    expect(refusal(smf([C4]).subarray(0, 13))).toBe(
      "MIDI, byte 13: found the end of the file, expected a header of 14 bytes",
    );
    expect(refusal(smf([C4], { division: 0 }))).toBe(
      "MIDI, byte 12: found a division of zero ticks, expected ticks per quarter, or frames and ticks per frame",
    );
    expect(refusal(smf([C4], { division: smpte(25, 0) }))).toMatch(
      /^MIDI, byte 12: found a division of zero ticks/,
    );
    expect(refusal(smf([C4], { division: smpte(16, 96) }))).toBe(
      "MIDI, byte 12: found 16 frames per second, expected 24, 25, 29 (drop frame) or 30 frames per second",
    );
  });
});

describe("chunks", () => {
  test("of other kinds are kept unread", () => {
    const { file, warnings } = readMidi(smf([C4, chunk("XFIH", [1, 2, 3]), D4]));
    expect(file.chunks[1]).toEqual({ type: "alien", id: "XFIH", bytes: Uint8Array.of(1, 2, 3) });
    expect(tracksOf(file).length).toBe(2);
    expect(printWarnings(warnings)).toEqual([
      'byte 34: a chunk "XFIH" of 3 bytes; kept it unread (alien-chunk)',
    ]);
  });

  test("longer than the file are skipped up to the next track", () => {
    const bytes = smf([C4, chunk("XFIH", [1, 2, 3], 0x7fffffff), D4]);
    expect(hear(bytes)).toEqual({
      notes: notes("C4", "D4"),
      warnings: ["byte 34: 11 bytes that are no chunk; skipped them (bytes-after-end)"],
    });
  });

  test("may have junk between them, and after them", () => {
    const bytes = smf([C4, [1, 2, 3], D4, [0, 0, 0, 0]], { tracks: 2 });
    expect(hear(bytes)).toEqual({
      notes: notes("C4", "D4"),
      warnings: [
        "byte 34: 3 bytes that are no chunk; skipped them (bytes-after-end)",
        "byte 57: 4 bytes after the last track; left them out (bytes-after-end)",
      ],
    });
  });

  test("behind junk behind the last track are what an older, longer file left", () => {
    expect(hear(smf([C4, D4, [0x00, 0x90, 60, 64], D4], { tracks: 2 }))).toEqual({
      notes: notes("C4", "D4"),
      warnings: ["byte 54: 24 bytes after the last track; left them out (bytes-after-end)"],
    });
  });
});

describe("the length of a track", () => {
  const body = [...quarterNote(60), ...end];
  const length = body.length;

  test("may be too short: End of Track is further on", () => {
    expect(hear(smf([chunk("MTrk", body, 5), D4]))).toEqual({
      notes: notes("C4", "D4"),
      warnings: ["byte 18: track 0: it ends 7 bytes past its length; read on (wrong-length)"],
    });
  });

  test("may be too long: End of Track comes before", () => {
    expect(hear(smf([chunk("MTrk", body, length + 5), D4]))).toEqual({
      notes: notes("C4", "D4"),
      warnings: [
        "byte 18: track 0: its length is 5 bytes too long; went on after its last event (wrong-length)",
      ],
    });
  });

  test("may cover a whole track that follows", () => {
    expect(hear(smf([chunk("MTrk", body, length + D4.length), D4]))).toEqual({
      notes: notes("C4", "D4"),
      warnings: [
        "byte 18: track 0: its length is 20 bytes too long; went on after its last event (wrong-length)",
      ],
    });
  });

  test("may be longer than the file", () => {
    expect(hear(smf([chunk("MTrk", body, 0xffffffff), D4]))).toEqual({
      notes: notes("C4", "D4"),
      warnings: [
        "byte 18: track 0: 4294967263 bytes fewer than its length says; read what is there (wrong-length)",
      ],
    });
  });

  test("longer than the file does not let a track without end run into the next", () => {
    const { notes: heard, warnings } = hear(smf([chunk("MTrk", quarterNote(60), 0xffff), D4]));
    expect(heard).toEqual(notes("C4", "D4"));
    expect(warnings[1]).toBe("byte 30: track 0: no End of Track; added one (missing-end-of-track)");
  });

  test("is right where it ends with an event, though only junk follows", () => {
    const { notes: heard, warnings } = hear(
      smf([chunk("MTrk", quarterNote(60)), [0x80, 0x90, 3, 0x90, 4]], { tracks: 1 }),
    );
    expect(heard).toEqual(notes("C4"));
    expect(warnings).toEqual([
      "byte 30: track 0: no End of Track; added one (missing-end-of-track)",
      "byte 30: 5 bytes after the last track; left them out (bytes-after-end)",
    ]);
  });

  test("may cover junk behind End of Track", () => {
    expect(hear(smf([track(...body, 1, 2, 3), D4]))).toEqual({
      notes: notes("C4", "D4"),
      warnings: ["byte 34: track 0: 3 bytes after its last event; skipped them (bytes-after-end)"],
    });
  });
});

describe("a file cut short", () => {
  const whole = smf([C4, D4]);

  test("gives what is there, and a reason", () => {
    for (let length = 14; length < whole.length; length++) {
      const { notes: heard, warnings } = hear(whole.subarray(0, length));
      expect(heard.length, `${length} bytes`).toBe(length < 26 ? 0 : length < 46 ? 1 : 2);
      expect(warnings.length, `${length} bytes`).toBeGreaterThan(0);
    }
  });

  test("inside an event drops that event", () => {
    expect(mended(whole.subarray(0, 48))).toEqual([
      "byte 38: track 1: 6 bytes fewer than its length says; read what is there (wrong-length)",
      "byte 46: track 1: the end inside an event; dropped it (truncated)",
      "byte 48: track 1: no End of Track; added one (missing-end-of-track)",
    ]);
  });

  test("inside End of Track still ends", () => {
    expect(mended(smf([C4]).subarray(0, 33))).toEqual([
      "byte 18: track 0: 1 bytes fewer than its length says; read what is there (wrong-length)",
      "byte 30: track 0: End of Track cut short; took it as the end (truncated)",
    ]);
  });
});

test("a missing End of Track is added", () => {
  const { file, warnings } = readMidi(smf([track(...quarterNote(60))]));
  const [only] = tracksOf(file);
  expect(Array.from(only.status)).toEqual([0x90, 0x80, 0xff]);
  expect(Array.from(only.tick)).toEqual([0, 96, 96]);
  expect(printWarnings(warnings)).toEqual([
    "byte 30: track 0: no End of Track; added one (missing-end-of-track)",
  ]);
});

test("of many warnings of one kind a hundred are kept, and the rest counted", () => {
  const { warnings } = readMidi(smf([track(...Array.from({ length: 250 }, () => [0, 0xf8]).flat(), ...end)]));
  expect(warnings.length).toBe(101);
  expect(printWarnings(warnings).at(-1)).toBe("150 more of this kind; treated alike (system-message)");
});

test("text in front of a header is no header", () => {
  expect(refusalOf(() => readMidi(asciiBytes("MThd")))).toBe(
    "MIDI, byte 4: found the end of the file, expected a header of 14 bytes",
  );
});

test("more chunks than a header can announce are left out, with a word about it", () => {
  const empty = 70_000;
  const bytes = smf(Array.from({ length: empty }, () => chunk("Junk", [])));
  const { file, warnings } = readMidi(bytes);
  expect(file.chunks.length).toBe(0xffff);
  expect(warnings).toContainEqual(
    expect.objectContaining({ found: "more than 65535 chunks", done: "left out the rest" }),
  );
});
