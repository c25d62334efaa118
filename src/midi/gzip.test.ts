import { gzipSync } from "fflate";
import { expect, test } from "vitest";
import { end, quarterNote, riff, smf, track } from "../../test/midi/bytes.ts";
import { hear, refusalOf } from "../../test/midi/print.ts";
import { readMidi } from "./reader.ts";

const scale = [60, 62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79, 81, 83, 84];
const plain = smf([track(...scale.flatMap(quarterNote), ...end)]);
const packed = gzipSync(plain);
const refusal = (bytes: Uint8Array) => refusalOf(() => readMidi(bytes));
const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

test("a packed file is opened, and one in RIFF too", () => {
  expect(hear(packed)).toEqual(hear(plain));
  expect(hear(packed).warnings).toEqual([]);
  expect(hear(gzipSync(riff("RMID", [["data", plain]])))).toEqual(hear(plain));
});

test("several members are one file", () => {
  expect(hear(joined(gzipSync(plain.subarray(0, 50)), gzipSync(plain.subarray(50))))).toEqual(hear(plain));
});

test("cut anywhere, it is refused, or read up to there with a reason", () => {
  for (let length = 2; length < packed.length; length++) {
    const part = packed.subarray(0, length);
    let sentence = "";
    try {
      sentence = hear(part).warnings[0] ?? "no reason";
    } catch {
      sentence = refusal(part);
    }
    expect(sentence, `${length} bytes`).toMatch(
      /gzip|expected a header of 14 bytes|expected a Standard MIDI File, which begins with "MThd"/,
    );
  }
  expect(refusal(packed.subarray(0, 17))).toBe(
    "MIDI, byte 17: found the end of a truncated gzip file, expected a whole gzip file",
  );
  const { notes, warnings } = hear(packed.subarray(0, packed.length - 20));
  expect(notes).toEqual(hear(plain).notes.slice(0, notes.length));
  expect(notes.length).toBeGreaterThan(5);
  expect(warnings[0]).toMatch(/^byte 0: a (damaged gzip file|gzip file whose checksum does not fit)/);
});

test("a flipped bit inside never goes unnoticed", () => {
  // Ten bytes of header say when and where it was packed: nothing that is heard.
  for (let bit = 10 * 8; bit < packed.length * 8; bit++) {
    const damaged = packed.slice();
    damaged[bit >> 3] ^= 1 << (bit & 7);
    let noticed = true;
    try {
      const { notes, warnings } = hear(damaged);
      // Some bits of the code tables stand for nothing that occurs.
      noticed = warnings.length > 0 || notes.join() === hear(plain).notes.join();
    } catch {
      expect(refusal(damaged)).toMatch(/^MIDI, byte /);
    }
    expect(noticed, `bit ${bit}`).toBe(true);
  }
});

test("bytes behind it are reported", () => {
  const { notes, warnings } = hear(joined(packed, new Uint8Array(20)));
  expect(notes).toEqual(hear(plain).notes);
  expect(warnings).toEqual([
    "byte 0: a damaged gzip file (invalid gzip data); read the 146 bytes before the damage (bad-gzip)",
  ]);
});

test("nothing, and gzip once more, are refused", () => {
  expect(refusal(gzipSync(new Uint8Array(0)))).toBe(
    "MIDI, byte 0: found an empty gzip file, expected a whole gzip file",
  );
  expect(refusal(gzipSync(packed))).toBe(
    "MIDI, byte 0: found a gzip file inside a gzip file, expected a MIDI file inside",
  );
});

test("what unfolds more than a hundredfold is a bomb", () => {
  const bomb = gzipSync(joined(plain, new Uint8Array(8 * 1024 * 1024)));
  expect(bomb.length).toBeLessThan(10_000);
  expect(refusal(bomb)).toBe(
    "MIDI, byte 0: found a gzip file that unfolds to over 2097152 bytes, expected a MIDI file",
  );
});
