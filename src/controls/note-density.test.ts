import fc from "fast-check";
import { expect, test } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { timelineOf } from "../../test/suites/control.ts";
import { openRepresentation } from "../representations/index.ts";
import { openControl } from "./index.ts";

const on = (pitch: number) => pitch;
const off = (pitch: number) => 128 + pitch;
const shift = (steps: number) => 256 + steps - 1;

/** The class at each token; every row has one 1, and zeros. */
function classes(tokens: ArrayLike<number>, config?: object): number[] {
  const control = openControl("note-density", config);
  const values = control.compute(timelineOf(tokens));
  const rows = Array.from({ length: tokens.length }, (_, i) => [...values.subarray(i * 8, (i + 1) * 8)]);
  const isOneHot = (row: readonly number[]) => row.toSorted().join("") === "00000001";
  expect(rows.every(isOneHot)).toBe(true);
  return rows.map((row) => row.indexOf(1));
}

test("eight classes", () => {
  expect(openControl("note-density").size).toBe(8);
});

test.each([
  // Notes in a window of 3 s; classes begin at 1, 2, 4, 8, 16, 32 and 64 notes per second.
  [0, 0],
  [2, 0],
  [3, 1],
  [5, 1],
  [6, 2],
  [11, 2],
  [12, 3],
  [23, 3],
  [24, 4],
  [47, 4],
  [48, 5],
  [95, 5],
  [96, 6],
  [191, 6],
  [192, 7],
  [500, 7],
])("%i notes in 3 s are of class %i", (notes, expected) => {
  const chord = Array.from({ length: notes }, (_, i) => on(i % 128));
  expect(classes([...chord, shift(100), shift(100), shift(100)])[0]).toBe(expected);
});

test("the window ends where 3 s have passed, with the shift that passes them", () => {
  // 2 notes, then 2.5 s, then 4 more; the next shift goes beyond 3 s, and what follows it is not seen.
  const start = [on(60), on(61), shift(100), shift(100), shift(50)];
  const tokens = [...start, on(62), on(63), on(64), on(65), shift(100), on(66), on(67)];
  // 6 notes in 3 s at first: 2 per second.
  expect(classes(tokens)[0]).toBe(2);
});

test("near the end, over the time that is left", () => {
  // At the note: 1 note in 0.5 s, 2 per second. At the last release, after the shift: no time, no density.
  expect(classes([on(60), shift(50), off(60)])).toEqual([2, 2, 0]);
  expect(classes([on(60), on(61), on(62)])).toEqual([0, 0, 0]);
  expect(classes([])).toEqual([]);
});

test("it changes only after time has passed", () => {
  // 8 in the first second and 0 in the next two; then from each shift on, less and less time.
  const chord = Array.from({ length: 8 }, (_, i) => on(60 + i));
  expect(classes([...chord, shift(100), off(60), shift(100), off(61), shift(50), off(62)])).toEqual([
    // 8 notes in 2.5 s.
    ...new Array<number>(9).fill(2),
    ...[0, 0, 0, 0, 0],
  ]);
});

test("another window", () => {
  expect(classes([on(60), shift(100), shift(100), on(61), shift(100)], { windowSeconds: 1 })).toEqual([
    1, 1, 0, 1, 1,
  ]);
});

/** Section 1.6 of the specification, taken literally. */
function classesLiterally(tokens: ArrayLike<number>, window: number): number[] {
  const { steps, onset } = timelineOf(tokens);
  const result: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (i > 0 && steps[i - 1] === 0) {
      result.push(result[i - 1]);
      continue;
    }
    let c = 0;
    let o = 0;
    for (let j = i; j < tokens.length && o < window; j++) {
      if (onset[j] >= 0) c++;
      o += steps[j];
    }
    const density = o === 0 ? 0 : (c * 100) / Math.min(o, window);
    const first = [1, 2, 4, 8, 16, 32, 64].findIndex((threshold) => density < threshold);
    result.push(first < 0 ? 7 : first);
  }
  return result;
}

test.each([3, 0.5])(
  "agrees with the specification taken literally, with a window of %f s",
  (windowSeconds) => {
    const representation = openRepresentation("performance-pedal");
    fc.assert(
      fc.property(performances, (performance) => {
        const tokens = representation.encode(performance);
        expect(classes(tokens, { windowSeconds })).toEqual(classesLiterally(tokens, windowSeconds * 100));
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 387 }), { maxLength: 300, size: "max" }), (tokens) => {
        expect(classes(tokens, { windowSeconds })).toEqual(classesLiterally(tokens, windowSeconds * 100));
      }),
    );
  },
);
