import { describe, expect, test } from "vitest";
import { createPerformance, type Note, notesOf } from "../music/performance.ts";
import { openRepresentation } from "./index.ts";

const tuples = openRepresentation("note-tuple");
const floor = openRepresentation("note-tuple", { decodeVelocity: "floor" });

const note = (start: number, end: number, pitch = 60, velocity = 64): Note => ({
  start,
  end,
  pitch,
  velocity,
  instrument: 0,
});
const play = (...notes: readonly Note[]) => createPerformance({ notes });
const encoded = (...notes: readonly Note[]) => [...tuples.encode(play(...notes))];
const back = (...notes: readonly Note[]) => [...notesOf(tuples.decode(tuples.encode(play(...notes))))];

test("a step is six fields: two of a shift, pitch, velocity, two of a duration", () => {
  expect(tuples.fields.map(({ size }) => size)).toEqual([13, 77, 128, 32, 25, 40]);
  expect(tuples.vocabularySize).toBe(315);
  // 1.20 s are 120 steps, 77 and 43; velocity 64 is in the sixteenth bin; 0.41 s are 40 · 1 + 0 + 1.
  expect(encoded(note(1.2, 1.61))).toEqual([1, 43, 60, 15, 1, 0]);
  expect([1, 43, 60, 15, 1, 0].map((token, field) => tuples.describe(token, field))).toEqual([
    "shift-major:0.77",
    "shift-minor:0.43",
    "pitch:60",
    "velocity:16",
    "duration-major:0.40",
    "duration-minor:0.01",
  ]);
});

test("notes that begin together follow without a shift, the lower one first", () => {
  expect(encoded(note(0, 0.01, 67), note(0, 0.4, 64), note(0.004, 0.4, 60))).toEqual(
    [
      [0, 0, 64, 15, 0, 39],
      [0, 0, 67, 15, 0, 0],
      [0, 0, 60, 15, 0, 39],
    ].flat(),
  );
});

describe("at the ends of its grid", () => {
  test.each([
    ["the longest shift and the longest note", note(10, 20), [12, 76, 60, 15, 24, 39], note(10, 20)],
    ["a longer silence becomes the longest shift", note(17, 18), [12, 76, 60, 15, 2, 19], note(10, 11)],
    ["a longer note is cut", note(0, 12.5), [0, 0, 60, 15, 24, 39], note(0, 10)],
    ["a note shorter than a step is one step", note(0.5, 0.502), [0, 50, 60, 15, 0, 0], note(0.5, 0.51)],
  ])("%s", (_, given, tokens, expected) => {
    expect(encoded(given)).toEqual(tokens);
    // The bin of velocity 64 goes from 61 to 64, and its centre is 63.
    expect(back(given)).toEqual([{ ...expected, velocity: 63 }]);
  });

  test("what follows a silence that was shortened keeps its distance to it", () => {
    expect(back(note(1, 2), note(15, 16), note(15.3, 15.4)).map(({ start }) => start)).toEqual([1, 11, 11.3]);
  });
});

test("velocities decode to the centre of their bin, or to its floor as in Magenta's code", () => {
  const tokens = tuples.encode(play(note(0, 1, 60, 1), note(1, 2, 60, 64), note(2, 3, 60, 127)));
  expect([...notesOf(tuples.decode(tokens))].map(({ velocity }) => velocity)).toEqual([3, 63, 126]);
  expect([...notesOf(floor.decode(tokens))].map(({ velocity }) => velocity)).toEqual([1, 61, 125]);
});
