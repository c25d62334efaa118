/** Loudness and tempo by hand; the laws that hold for all controls are in test/controls.test.ts. */
import { expect, test } from "vitest";
import { timelineOf } from "../../test/suites/control.ts";
import { openControl } from "./index.ts";

const on = (pitch: number) => pitch;
const shift = (steps: number) => 256 + steps - 1;
const velocity = (bin: number) => 356 + bin - 1;

function classes(name: string, tokens: readonly number[]): number[] {
  const values = openControl(name).compute(timelineOf(tokens));
  return tokens.map((_, i) => values.subarray(i * 8, (i + 1) * 8).indexOf(1));
}

test("loudness is the mean of what is struck, at the velocity last said", () => {
  // Bins are 4 wide and read as their centres: 6 is 22.5, 31 is 122.5. Both together 72.5 on average, then the second alone.
  const tokens = [velocity(6), on(60), shift(100), velocity(31), on(62), shift(50)];
  expect(classes("mean-velocity", tokens)).toEqual([5, 5, 5, 7, 7, 7]);
});

test("where nothing is struck there is no loudness", () => {
  expect(classes("mean-velocity", [velocity(20), on(60), shift(100), shift(100)])).toEqual([6, 6, 6, -1]);
});

test("tempo is time by moments, and a chord that takes three steps is one", () => {
  // Every 100 ms a chord of three spread over 20 ms: ten moments in a second.
  const chord = [on(60), shift(1), on(64), shift(1), on(67), shift(8)];
  const tokens = new Array(40).fill(chord).flat();
  // 0.1 is the beginning of its class.
  expect(classes("inter-onset", tokens)[0]).toBe(2);
  // The same notes one by one every 100 ms / 3 would be of the first class.
  const run = new Array(40).fill([on(60), shift(4), on(64), shift(4), on(67), shift(4)]).flat();
  expect(classes("inter-onset", run)[0]).toBe(0);
});

test("silence ahead is the slowest tempo", () => {
  expect(classes("inter-onset", [shift(100), shift(100), shift(100), on(60)])[0]).toBe(7);
});
