import { describe, expect, test } from "vitest";
import { chunk, end, quarterNote, smf, smpte, track } from "../../test/midi/bytes.ts";
import { type MidiFile, type Track, trackFromEvents } from "./file.ts";
import { readMidi } from "./reader.ts";
import { writeMidi } from "./writer.ts";

const rewritten = (bytes: Uint8Array) => writeMidi(readMidi(bytes).file);
const fileOf = (only: Track): MidiFile => ({
  format: 0,
  division: { type: "quarters", ticksPerQuarter: 96 },
  chunks: [{ type: "track", track: only }],
});

describe("what was canonical comes back byte for byte", () => {
  const everything = track(
    ...[0x00, 0xff, 0x03, 1, 65],
    ...[0x00, 0xf0, 3, 0x7e, 0x7f, 0xf7, 0x81, 0x00, 0xf7, 1, 0xf3],
    ...[0x00, 0x90, 60, 64, 0x60, 60, 0, 0x00, 0x90, 62, 64, 0x60, 62, 0],
    ...[0x00, 0xe0, 0, 64, 0x00, 0xd0, 5, 0x00, 6, 0x00, 0xa0, 60, 1, 0xff, 0xff, 0xff, 0x7f, 0xc0, 5],
    ...[0x00, 0xff, 0x01, 0x81, 0x00, ...Array.from({ length: 128 }, () => 32)],
    ...end,
  );

  test.each([
    ["all kinds of events, running status here and there", smf([everything])],
    ["format 0", smf([everything], { format: 0 })],
    ["format 2", smf([everything, track(...quarterNote(60), ...end)], { format: 2 })],
    ["chunks of other kinds", smf([chunk("ABCD", [1, 2, 3]), everything, chunk("Junk", [])])],
    ["24 frames", smf([everything], { division: smpte(24, 100) })],
    ["25 frames", smf([everything], { division: smpte(25, 40) })],
    ["29.97 frames", smf([everything], { division: smpte(29, 80) })],
    ["30 frames", smf([everything], { division: smpte(30, 255) })],
    ["no track at all", smf([])],
  ])("%s", (_, bytes) => {
    expect(Buffer.from(rewritten(bytes))).toEqual(Buffer.from(bytes));
  });
});

describe("what was not becomes so", () => {
  test("numbers lose their padding", () => {
    const padded = smf([track(0x80, 0x80, 0x05, 0xff, 0x01, 0x80, 0x01, 65, ...end)]);
    expect(rewritten(padded)).toEqual(smf([track(0x05, 0xff, 0x01, 1, 65, ...end)]));
  });

  test("the status is written again after a meta event", () => {
    const meta = [0x00, 0xff, 0x01, 0];
    expect(rewritten(smf([track(0x00, 0x90, 60, 64, ...meta, 0x10, 60, 0, ...end)]))).toEqual(
      smf([track(0x00, 0x90, 60, 64, ...meta, 0x10, 0x90, 60, 0, ...end)]),
    );
  });

  test("lengths and the number of tracks are right", () => {
    const wrong = smf([chunk("MTrk", [...quarterNote(60), ...end], 999)], { tracks: 7 });
    expect(rewritten(wrong)).toEqual(smf([track(...quarterNote(60), ...end)]));
  });
});

test("events made by hand are written with every status, and End of Track is added", () => {
  const byHand = trackFromEvents([
    { type: "channel", tick: 0, status: 0x90, data1: 60, data2: 64 },
    { type: "channel", tick: 96, status: 0x90, data1: 60, data2: 0 },
    { type: "sysex", tick: 96, status: 0xf0, payload: Uint8Array.of(0x7e, 0xf7) },
  ]);
  const expected = [0x00, 0x90, 60, 64, 0x60, 0x90, 60, 0, 0x00, 0xf0, 2, 0x7e, 0xf7, ...end];
  expect(writeMidi(fileOf(byHand))).toEqual(smf([track(...expected)], { format: 0 }));
});

test("a time that goes back is our mistake", () => {
  const back = trackFromEvents([
    { type: "channel", tick: 96, status: 0xc0, data1: 60, data2: 0 },
    { type: "channel", tick: 0, status: 0xc0, data1: 61, data2: 0 },
  ]);
  expect(() => writeMidi(fileOf(back))).toThrow("invariant: -96 does not fit a variable-length number");
});
