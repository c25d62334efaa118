import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { divideLanes } from "./lanes.ts";

const same = (length: number) => length;

describe("lanes", () => {
  it("are of equal length, and hold every item once and in order", () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 40 }), (items, count) => {
        const lanes = divideLanes(items, same, count);
        const total = items.reduce((sum, each) => sum + each, 0);
        expect(lanes).toHaveLength(count);
        for (const lane of lanes) {
          const length = lane.reduce((sum, { item, from, to }) => sum + Math.round((to - from) * item), 0);
          expect(Math.abs(length - total / count)).toBeLessThanOrEqual(1);
        }
        const parts = lanes.flat();
        expect(parts.filter(({ from }) => from === 0).map(({ item }) => item)).toEqual(
          items.filter((item) => item > 0),
        );
        parts.forEach(({ from, to }, index) => {
          expect(to).toBeGreaterThan(from);
          expect(from).toBe(index === 0 || parts[index - 1].to === 1 ? 0 : parts[index - 1].to);
        });
        if (total > 0) expect(parts.at(-1)?.to).toBe(1);
      }),
    );
  });

  it("part a long item between them", () => {
    expect(
      divideLanes([6, 2], same, 4).map((lane) => lane.map(({ item, from, to }) => [item, from, to])),
    ).toEqual([[[6, 0, 1 / 3]], [[6, 1 / 3, 2 / 3]], [[6, 2 / 3, 1]], [[2, 0, 1]]]);
  });
});
