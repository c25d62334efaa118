import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTempoMap, quartersAt, secondsAt } from "./tempo.ts";

describe("a tempo map", () => {
  test("is 120 quarters a minute where nothing is said", () => {
    const map = createTempoMap([]);
    expect(map).toEqual([{ quarter: 0, second: 0, secondsPerQuarter: 0.5 }]);
    expect([secondsAt(map, 3), quartersAt(map, 3)]).toEqual([1.5, 6]);
  });

  test("takes changes in any order; of several at one place the last one given counts", () => {
    const map = createTempoMap([
      { quarter: 4, secondsPerQuarter: 2 },
      { quarter: 2, secondsPerQuarter: 9 },
      { quarter: 2, secondsPerQuarter: 1 },
    ]);
    expect(map).toEqual([
      { quarter: 0, second: 0, secondsPerQuarter: 0.5 },
      { quarter: 2, second: 1, secondsPerQuarter: 1 },
      { quarter: 4, second: 3, secondsPerQuarter: 2 },
    ]);
    expect([0, 1, 2, 3, 4, 5].map((quarter) => secondsAt(map, quarter))).toEqual([0, 0.5, 1, 2, 3, 5]);
    expect([0, 0.5, 1, 2, 3, 5].map((second) => quartersAt(map, second))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("leaves out changes that change nothing", () => {
    const map = createTempoMap([
      { quarter: 0, secondsPerQuarter: 0.5 },
      { quarter: 7, secondsPerQuarter: 0.5 },
    ]);
    expect(map.length).toBe(1);
  });

  test("takes back a change that another takes back on the spot", () => {
    const map = createTempoMap([
      { quarter: 2, secondsPerQuarter: 1 },
      { quarter: 2, secondsPerQuarter: 0.5 },
      { quarter: 4, secondsPerQuarter: 1 },
    ]);
    expect(secondsAt(map, 6)).toBe(4);
  });

  test("cannot be changed", () => {
    const map = createTempoMap([{ quarter: 1, secondsPerQuarter: 1 }]);
    expect(Object.isFrozen(map) && map.every((change) => Object.isFrozen(change))).toBe(true);
  });
});

const changes = fc.array(
  fc.record({
    quarter: fc.integer({ min: 0, max: 4_000 }).map((tick) => tick / 480),
    secondsPerQuarter: fc.integer({ min: 1, max: 0xffffff }).map((microseconds) => microseconds / 1e6),
  }),
  { maxLength: 20 },
);
const places = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 50 });

test("time never goes back, and there and back again is where one was", () => {
  fc.assert(
    fc.property(changes, places, (given, quarters) => {
      const map = createTempoMap(given);
      let last = 0;
      for (const quarter of quarters.toSorted((a, b) => a - b)) {
        const second = secondsAt(map, quarter);
        expect(second).toBeGreaterThanOrEqual(last);
        // At a microsecond a quarter, a rounding of the seconds is many quarters.
        const rounding = (Number.EPSILON * 8 * (second + 1)) / 1e-6;
        expect(Math.abs(quartersAt(map, second) - quarter)).toBeLessThanOrEqual(
          1e-9 * (quarter + 1) + rounding,
        );
        last = second;
      }
    }),
  );
});
