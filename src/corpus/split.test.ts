/** @file Splits by composition: laws. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitByComposition } from "./split.ts";

const item = fc.record({
  composer: fc.constantFrom("Bach", "bach", "Liszt"),
  title: fc.integer({ min: 0, max: 12 }).map(String),
  melody: fc.integer({ min: 0, max: 40 }).map(String),
});
const items = fc.array(item, { minLength: 1, maxLength: 40 });
const share = fc.double({ min: 0.05, max: 1, noNaN: true });

describe("splitting by composition", () => {
  it("never parts equal compositions, whether by name or by notes", () => {
    fc.assert(
      fc.property(items, share, fc.integer(), (list, part, seed) => {
        const training = splitByComposition(list, part, seed);
        list.forEach((a, i) => {
          list.forEach((b, j) => {
            const sameName = a.composer.toLowerCase() === b.composer.toLowerCase() && a.title === b.title;
            if (sameName || a.melody === b.melody) expect(training[i]).toBe(training[j]);
          });
        });
      }),
    );
  });

  it("comes near the share, and leaves no side empty where there are two compositions", () => {
    const list = Array.from({ length: 200 }, (_, i) => ({ composer: "", title: `${i}`, melody: `${i}` }));
    for (const part of [0.5, 0.9, 0.95]) {
      expect(splitByComposition(list, part, 7).filter(Boolean).length).toBe(200 * part);
    }
    for (const part of [0.01, 0.5, 0.999]) {
      expect(splitByComposition(list.slice(0, 2), part, 7).filter(Boolean).length).toBe(1);
    }
    expect(splitByComposition(list, 1, 7).every(Boolean)).toBe(true);
    expect(splitByComposition(list.slice(0, 1), 0.5, 7)).toEqual([true]);
  });

  it("misses the share by no more than the largest composition, whatever their sizes", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(sizes, share, fc.integer(), (list, part, seed) => {
        const versions = list.flatMap((size, title) =>
          Array.from({ length: size }, (_, i) => ({
            composer: "",
            title: `${title}`,
            melody: `${title} ${i}`,
          })),
        );
        const training = splitByComposition(versions, part, seed).filter(Boolean).length;
        expect(Math.abs(training - versions.length * part)).toBeLessThanOrEqual(Math.max(...list));
        if (list.length > 1 && part < 1) expect(training).toBeLessThan(versions.length);
        expect(training).toBeGreaterThan(0);
      }),
    );
  });

  it("does not depend on the order of the files, but on the seed", () => {
    const list = Array.from({ length: 60 }, (_, i) => ({ composer: "", title: `${i}`, melody: `${i}` }));
    const chosen = (given: typeof list, seed: number) =>
      given
        .filter((_, i) => splitByComposition(given, 0.5, seed)[i])
        .map(({ title }) => title)
        .sort();
    expect(chosen(list.toReversed(), 1)).toEqual(chosen(list, 1));
    expect(chosen(list, 2)).not.toEqual(chosen(list, 1));
  });
});
