/** @file Meetings are even: between pairs of systems, and between sides. */
import { describe, expect, it } from "vitest";
import { meetingsOf } from "./plan.ts";

const cases = [2, 3, 4, 5, 6].flatMap((systems) =>
  [1, 2, 7, 20, 21].map((atLeast) => [systems, atLeast] as const),
);

describe.each(cases)("%i systems in %i meetings at least", (systems, atLeast) => {
  const meetings = meetingsOf(systems, atLeast);
  const matches = (systems * (systems - 1)) / 2;

  it("lets every two meet as often, and no oftener than it takes", () => {
    const counts = new Map<string, number>();
    for (const { a, b } of meetings) {
      const match = [a, b].sort((x, y) => x - y).join();
      counts.set(match, (counts.get(match) ?? 0) + 1);
    }
    expect(counts.size).toBe(matches);
    expect(new Set(counts.values()).size).toBe(1);
    expect(meetings.length).toBeGreaterThanOrEqual(atLeast);
    expect(meetings.length).toBeLessThan(atLeast + matches);
  });

  it("has each system on both sides as often, however the coins fall", () => {
    for (let fall = 0; fall < 8; fall++) {
      for (let system = 0; system < systems; system++) {
        const own = meetings.filter(({ a, b }) => a === system || b === system);
        const asA = own.filter(({ a, coin }) => (a === system) !== (coin * 5 + fall) % 8 < 4).length;
        expect(Math.abs(2 * asA - own.length)).toBeLessThanOrEqual(own.length % 2);
      }
    }
  });
});
