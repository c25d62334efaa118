import { expect, test } from "vitest";
import { isBlackKey, parsePitch, pitchClass, pitchName } from "./pitch.ts";

test("middle C is C4, and the ends of MIDI have names", () => {
  expect([0, 21, 60, 61, 108, 127].map(pitchName)).toEqual(["C-1", "A0", "C4", "C#4", "C8", "G9"]);
});

test("every name leads back to its pitch", () => {
  for (let pitch = 0; pitch < 128; pitch++) expect(parsePitch(pitchName(pitch))).toBe(pitch);
});

test.each([
  ["Bb3", 58],
  ["bb3", 58],
  ["B♭3", 58],
  ["Cb4", 59],
  ["B#3", 60],
  ["F##4", 67],
  ["Fx4", 67],
  ["Ebb4", 62],
  [" a4 ", 69],
])("%s is %i", (name, pitch) => {
  expect(parsePitch(name)).toBe(pitch);
});

test.each(["", "C", "H3", "C#b4", "C4.5", "G#9", "Cb-1", "4"])("%j is no pitch", (name) => {
  expect(parsePitch(name)).toBeUndefined();
});

test("pitch classes and black keys", () => {
  expect([60, 71, 0, -1].map(pitchClass)).toEqual([0, 11, 0, 11]);
  expect([60, 61, 62, 63, 64, 65, 66].map(isBlackKey)).toEqual([
    false,
    true,
    false,
    true,
    false,
    false,
    true,
  ]);
});
