import { describe, expect, test } from "vitest";
import { asciiBytes, end, quarterNote, riff, smf, track } from "../../test/midi/bytes.ts";
import { hear, refusalOf } from "../../test/midi/print.ts";
import { largestMidiFile } from "./container.ts";
import { readMidi } from "./reader.ts";

const plain = smf([track(...quarterNote(60), ...end)]);
const C4 = { notes: ["0-0.5 C4 64"], warnings: [] };
const after = (prefix: Uint8Array, bytes = plain) => Uint8Array.from([...prefix, ...bytes]);
const refusal = (bytes: Uint8Array) => refusalOf(() => readMidi(bytes));

test("a plain file is read", () => {
  expect(hear(plain)).toEqual(C4);
});

test("a view into a larger buffer is read where it lies", () => {
  const padded = Uint8Array.from([9, 9, 9, ...plain, 9, 9]);
  expect(hear(padded.subarray(3, 3 + plain.length))).toEqual(C4);
  expect(hear(Buffer.from(plain))).toEqual(C4);
});

describe("RIFF", () => {
  test("is opened: RMID with chunks before and after its data", () => {
    const chunks: [string, Uint8Array][] = [
      ["DISP", asciiBytes("odd")],
      ["data", plain],
      ["LIST", asciiBytes("INFO")],
    ];
    expect(hear(riff("RMID", chunks))).toEqual(C4);
  });

  test("may claim more than there is", () => {
    const whole = riff("RMID", [["data", plain]]);
    whole[16] = 0xff;
    expect(hear(whole)).toEqual(C4);
  });

  test("whose chunks have wrong lengths is searched", () => {
    const whole = riff("RMID", [
      ["DISP", asciiBytes("even")],
      ["data", plain],
    ]);
    whole[17] = 0x70;
    const { notes, warnings } = hear(whole);
    expect(notes).toEqual(C4.notes);
    expect(warnings).toEqual(['byte 0: 32 bytes before "MThd"; skipped them (wrapped)']);
  });

  test("of another kind is refused by name", () => {
    expect(refusal(riff("WAVE", []))).toBe(
      "MIDI, byte 8: found a WAV audio file, expected RIFF of kind RMID, or a Standard MIDI File",
    );
    expect(refusal(riff("AVI ", []))).toBe(
      'MIDI, byte 8: found a RIFF file of kind "AVI ", expected RIFF of kind RMID, or a Standard MIDI File',
    );
    expect(refusal(riff("RMID", [["DLS ", new Uint8Array(4)]]))).toBe(
      'MIDI, byte 0: found RIFF without a MIDI file in its "data" chunk, ' +
        'expected a Standard MIDI File, which begins with "MThd"',
    );
    expect(refusal(asciiBytes("RIFF"))).toMatch(/^MIDI, byte 4: found a RIFF file of kind ""/);
  });
});

test("up to a kilobyte before the header is skipped", () => {
  const { notes, warnings } = hear(after(new Uint8Array(128)));
  expect(notes).toEqual(C4.notes);
  expect(warnings).toEqual(['byte 0: 128 bytes before "MThd"; skipped them (wrapped)']);
});

describe("refusals name what is there", () => {
  const expected = 'expected a Standard MIDI File, which begins with "MThd"';
  test.each([
    ["nothing", new Uint8Array(0), "an empty file"],
    ["a clip", asciiBytes("SMF2CLIP...."), "a MIDI 2.0 clip file (SMF2CLIP), which Rubato does not read"],
    [
      "a container",
      asciiBytes("SMF2CON1...."),
      "a MIDI 2.0 container file (SMF2CON1), which Rubato does not read",
    ],
    [
      "MusicXML",
      asciiBytes('<?xml version="1.0"?>'),
      "an XML document (MusicXML has to be exported as MIDI first)",
    ],
    ["an MP3", asciiBytes("ID3....."), "an MP3 audio file"],
    [
      "zip",
      asciiBytes("PK\u0003\u0004"),
      "a zip archive (give the archive itself to `rubato prepare`, or unpack it first)",
    ],
    ["text", asciiBytes("Dear sirs"), '"Dear"'],
    ["bytes", Uint8Array.of(0, 1, 2, 3, 4), '"\\x00\\x01\\x02\\x03"'],
  ])("%s", (_, bytes, found) => {
    expect(refusal(bytes)).toBe(`MIDI, byte 0: found ${found}, ${expected}`);
  });

  test("a file too large", () => {
    expect(refusal(new Uint8Array(largestMidiFile + 1))).toBe(
      "MIDI, byte 0: found 16777217 bytes, expected a MIDI file of at most 16777216 bytes",
    );
  });
});
