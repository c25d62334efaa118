import fc from "fast-check";
import { expect, test } from "vitest";
import { performances } from "../../test/arbitraries.ts";
import { timelineOf } from "../../test/suites/control.ts";
import { openRepresentation } from "../representations/index.ts";
import { openControl } from "./index.ts";

const on = (pitch: number) => pitch;
const off = (pitch: number) => 128 + pitch;
const shift = (steps: number) => 256 + steps - 1;

function rows(tokens: ArrayLike<number>, config?: object): number[][] {
  const values = openControl("pitch-class-histogram", config).compute(timelineOf(tokens));
  return Array.from({ length: tokens.length }, (_, i) => Array.from(values.subarray(i * 12, (i + 1) * 12)));
}

/** Seconds per class, the rest zero, with the prior and divided by the sum. */
function shares(seconds: Readonly<Record<number, number>>, prior = 0.01): number[] {
  const all = Array.from({ length: 12 }, (_, c) => prior + (seconds[c] ?? 0));
  const sum = all.reduce((a, b) => a + b, 0);
  return all.map((value) => value / sum);
}

const even = new Array<number>(12).fill(1 / 12);

function expectRows(found: readonly (readonly number[])[], wanted: readonly (readonly number[])[]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((row, i) => {
    expect(row).toEqual(wanted[i].map((share) => expect.closeTo(share, 6)));
  });
}

test("twelve shares", () => {
  expect(openControl("pitch-class-histogram").size).toBe(12);
});

test("for how long each class sounds", () => {
  // C for 1 s, C and E for 0.5 s, E alone for 0.5 s.
  const tokens = [on(60), shift(100), on(64), shift(50), off(60), shift(50), off(64)];
  expectRows(rows(tokens), [
    shares({ 0: 1.5, 4: 1 }),
    shares({ 0: 1.5, 4: 1 }),
    // After the first second: E for 1 s, C for 0.5 s.
    shares({ 0: 0.5, 4: 1 }),
    shares({ 0: 0.5, 4: 1 }),
    shares({ 4: 0.5 }),
    shares({ 4: 0.5 }),
    even,
  ]);
});

test("a value by hand: 1 s of C is 1.01 of 1.12", () => {
  const [row] = rows([on(60), shift(100)]);
  expect(row[0]).toBeCloseTo(0.901786, 6);
  expect(row[1]).toBeCloseTo(0.008929, 6);
});

test("octaves are two pitches of one class; a pitch struck twice is one", () => {
  expectRows(rows([on(60), on(72), shift(100)]), new Array<number[]>(3).fill(shares({ 0: 2 })));
  // The second onset adds nothing, and the first release ends both.
  expectRows(rows([on(60), on(60), shift(100), off(60), shift(100), off(60)]), [
    ...new Array<number[]>(3).fill(shares({ 0: 1 })),
    ...[even, even, even],
  ]);
});

test("the last shift counts whole, even where it goes beyond 5 s", () => {
  const seconds = new Array<number>(4).fill(shift(100));
  // 4.9 s of C, then the shift that passes 5 s, and then D, which is not seen.
  const tokens = [on(60), ...seconds, shift(90), shift(100), off(60), on(62), shift(100), shift(100)];
  expectRows(rows(tokens).slice(0, 2), new Array<number[]>(2).fill(shares({ 0: 5.9 })));
});

test("what began before the window sounds in it", () => {
  const tokens = [on(60), shift(100), on(62), shift(100), off(60), off(62)];
  expectRows(rows(tokens, { windowSeconds: 1 }).slice(2, 4), [
    shares({ 0: 1, 2: 1 }),
    shares({ 0: 1, 2: 1 }),
  ]);
});

test("without a prior, silence is even", () => {
  expectRows(rows([shift(100), on(60), shift(50)], { prior: 0, windowSeconds: 1 }), [
    even,
    shares({ 0: 0.5 }, 0),
    shares({ 0: 0.5 }, 0),
  ]);
  expect(rows([])).toEqual([]);
});

/** Section 1.6 of the specification, taken literally. */
function rowsLiterally(tokens: ArrayLike<number>): number[][] {
  const { steps, onset, release } = timelineOf(tokens);
  const result: number[][] = [];
  const base = new Set<number>();
  const move = (active: Set<number>, i: number) => {
    if (onset[i] >= 0) active.add(onset[i]);
    if (release[i] >= 0) active.delete(release[i]);
  };
  for (let i = 0; i < tokens.length; i++) {
    move(base, i);
    if (i > 0 && steps[i - 1] === 0) {
      result.push(result[i - 1]);
      continue;
    }
    const active = new Set(base);
    const histogram = new Array<number>(12).fill(0.01);
    let elapsed = 0;
    for (let j = i; j < tokens.length && elapsed < 500; j++) {
      move(active, j);
      for (const pitch of active) histogram[pitch % 12] += steps[j] / 100;
      elapsed += steps[j];
    }
    const sum = histogram.reduce((a, b) => a + b, 0);
    result.push(histogram.map((seconds) => seconds / sum));
  }
  return result;
}

test("agrees with the specification taken literally", () => {
  const representation = openRepresentation("performance");
  const agrees = (tokens: ArrayLike<number>) => {
    const found = rows(tokens).flat();
    const wanted = rowsLiterally(tokens).flat();
    expect(found).toHaveLength(wanted.length);
    expect(Math.max(0, ...found.map((value, i) => Math.abs(value - wanted[i])))).toBeLessThan(1e-6);
  };
  fc.assert(fc.property(performances, (performance) => agrees(representation.encode(performance))));
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 387 }), { maxLength: 300, size: "max" }), agrees));
});
