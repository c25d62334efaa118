/** @file Circles and what came before, counted by hand. */
import { describe, expect, it } from "vitest";
import { longestRun, mostTurns, repeatedShare } from "./repetition.ts";

const scale = [60, 62, 64, 65, 67, 69, 71, 72];
const times = (count: number, pitches: readonly number[]) =>
  Array.from({ length: count }, () => pitches).flat();

describe("the share that came before", () => {
  it("is nothing where all is new, and where there is too little", () => {
    expect(repeatedShare(scale, 2)).toBe(0);
    expect(repeatedShare(scale, 9)).toBe(0);
    expect(repeatedShare([], 1)).toBe(0);
  });

  it("counts runs, wherever they come again", () => {
    // Runs of two: 1 2, 2 3, 3 1, 1 2 again.
    expect(repeatedShare([1, 2, 3, 1, 2], 2)).toBe(1 / 4);
    // Eleven and one are not one and eleven.
    expect(repeatedShare([1, 11, 11, 1], 2)).toBe(0);
    // 17 runs of eight, eight of them different.
    expect(repeatedShare(times(3, scale), 8)).toBeCloseTo(9 / 17, 12);
  });
});

describe("turns", () => {
  it.each([1, 2, 4, 5])("of eight notes: %d", (count) => {
    expect(mostTurns(times(count, scale), 8)).toBe(count);
    expect(mostTurns([1, ...times(count, scale), ...scale.slice(0, 7), 2], 8)).toBe(count);
  });

  it("are of that length exactly, and of all that goes into it", () => {
    expect(mostTurns(times(5, scale.slice(0, 7)), 8)).toBe(1);
    expect(mostTurns(times(20, [60, 62]), 8)).toBe(5);
    expect(mostTurns(new Array<number>(39).fill(60), 8)).toBe(4);
  });

  it("are none where there are fewer notes", () => expect(mostTurns(scale.slice(1), 8)).toBe(0));
});

describe("the longest run of a pitch", () => {
  it("is as long as it is", () => {
    expect(longestRun([60, 62, 62, 62, 60, 60])).toBe(3);
    expect(longestRun(scale)).toBe(1);
    expect(longestRun([])).toBe(0);
  });
});
