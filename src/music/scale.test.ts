import { expect, test } from "vitest";
import { UsageError } from "../util/errors.ts";
import { inScale, nearestInScale, parseScale, scaleNames } from "./scale.ts";

test("a scale is a tonic and a name", () => {
  expect(parseScale("D minor")).toEqual({
    name: "D minor",
    tonic: 2,
    pitchClasses: [2, 4, 5, 7, 9, 10, 0],
  });
  expect(parseScale("F# dorian").pitchClasses).toEqual([6, 8, 9, 11, 1, 3, 4]);
  expect(parseScale("Bb Harmonic-Minor").pitchClasses).toEqual([10, 0, 1, 3, 5, 6, 9]);
  expect(parseScale("  b   blues ")).toMatchObject({ name: "B blues", tonic: 11 });
});

test("a name alone begins on C, and a tonic alone is major", () => {
  expect(parseScale("pentatonic")).toMatchObject({ name: "C pentatonic", pitchClasses: [0, 2, 4, 7, 9] });
  expect(parseScale("whole tone").pitchClasses).toEqual([0, 2, 4, 6, 8, 10]);
  expect(parseScale("Eb")).toMatchObject({ name: "Eb major", tonic: 3 });
});

test("the modes are the white keys, each from its own tonic", () => {
  const modes = ["C ionian", "D dorian", "E phrygian", "F lydian", "G mixolydian", "A aeolian", "B locrian"];
  for (const mode of modes) {
    expect([...parseScale(mode).pitchClasses].sort((a, b) => a - b)).toEqual([0, 2, 4, 5, 7, 9, 11]);
  }
});

test.each(scaleNames)("%s begins on its tonic and rises within an octave", (name) => {
  const { tonic, pitchClasses } = parseScale(`A ${name}`);
  const above = pitchClasses.map((pitch) => (pitch - tonic + 12) % 12);
  expect(above[0]).toBe(0);
  expect(above).toEqual([...new Set(above)].sort((a, b) => a - b));
});

test.each(["", "H minor", "D minro", "minor D", "C4 major"])('"%s" is no scale', (text) => {
  expect(() => parseScale(text)).toThrow(UsageError);
});

test("a misspelt name is answered with the nearest", () => {
  expect(() => parseScale("D minro")).toThrow('found scale "D minro", expected a tonic');
  expect(() => parseScale("D dorain")).toThrow('did you mean "dorian"?');
});

test("the nearest pitch of a scale is in it, and within the keyboard", () => {
  const scale = parseScale("Db pentatonic");
  for (let pitch = 0; pitch <= 127; pitch++) {
    const nearest = nearestInScale(pitch, scale);
    expect(inScale(nearest, scale)).toBe(true);
    expect(nearest >= 0 && nearest <= 127).toBe(true);
    expect(Math.abs(nearest - pitch)).toBeLessThanOrEqual(2);
  }
  expect(nearestInScale(62, parseScale("C pentatonic"))).toBe(62);
  expect(nearestInScale(61, parseScale("C major"))).toBe(60);
});
