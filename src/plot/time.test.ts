import { expect, test } from "vitest";
import { createPerformance } from "../music/performance.ts";
import { UsageError } from "../util/errors.ts";
import { clock, isWithin, timeSpanOf, timeTicks } from "./time.ts";

const tenSeconds = createPerformance({ notes: [], duration: 10 });

test("seconds are written as on a clock", () => {
  expect([0, 9, 75, 599.6, 3661].map((seconds) => clock(seconds))).toEqual([
    "0:00",
    "0:09",
    "1:15",
    "10:00",
    "1:01:01",
  ]);
  expect([59.96, 61.25].map((seconds) => clock(seconds, 1))).toEqual(["1:00.0", "1:01.3"]);
});

test.each([
  [0, 2.5, 5, "0.0 s, 0.5 s, 1.0 s, 1.5 s, 2.0 s, 2.5 s"],
  [0, 60, 6, "0:00, 0:10, 0:20, 0:30, 0:40, 0:50, 1:00"],
  [61, 64, 3, "1:01, 1:02, 1:03, 1:04"],
  [59.5, 61, 3, "0:59.5, 1:00.0, 1:00.5, 1:01.0"],
  [0, 9000, 5, "0:00, 30:00, 1:00:00, 1:30:00, 2:00:00, 2:30:00"],
  [0, 90_000, 5, "0:00, 5:00:00, 10:00:00, 15:00:00, 20:00:00, 25:00:00"],
])("ticks from %d to %d s, at most %d intervals", (from, to, most, labels) => {
  expect(timeTicks({ from, to }, most).map(({ label }) => label)).toEqual(labels.split(", "));
});

test("all of the performance is shown, and silence for a second", () => {
  expect(timeSpanOf(tenSeconds, {})).toEqual({ from: 0, to: 10 });
  expect(timeSpanOf(tenSeconds, { from: 4 })).toEqual({ from: 4, to: 10 });
  expect(timeSpanOf(createPerformance({ notes: [] }), {})).toEqual({ from: 0, to: 1 });
});

test.each([{ from: 10 }, { from: -1 }, { from: 3, to: 3 }, { to: Number.NaN }])("%j is refused", (asked) => {
  expect(() => timeSpanOf(tenSeconds, asked)).toThrow(UsageError);
});

test("a note at the end of the span belongs to the next, unless the music ends there", () => {
  expect(isWithin({ from: 0, to: 5 }, 5, 6, 10)).toBe(false);
  expect(isWithin({ from: 5, to: 10 }, 5, 6, 10)).toBe(true);
  expect(isWithin({ from: 5, to: 10 }, 10, 10, 10)).toBe(true);
  expect(isWithin({ from: 5, to: 10 }, 4, 5, 10)).toBe(false);
});
