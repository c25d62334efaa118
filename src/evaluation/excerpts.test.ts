/** @file Places of excerpts: inside their pieces, apart from each other, the same for the same seed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../util/random.ts";
import { placesIn } from "./excerpts.ts";

describe("places", () => {
  it("lie inside their pieces, do not overlap, and are as many as fit", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(100), { maxLength: 10 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer(),
        (counts, notes, seed) => {
          const places = placesIn(counts, notes, createRandom(seed));
          expect(placesIn(counts, notes, createRandom(seed))).toEqual(places);
          for (const [piece, count] of counts.entries()) {
            const begins = places
              .flatMap((place) => (place.piece === piece ? [place.from] : []))
              .sort((a, b) => a - b);
            expect(begins.length).toBe(Math.floor(count / notes));
            for (const [i, from] of begins.entries()) {
              expect(from).toBeGreaterThanOrEqual(i > 0 ? begins[i - 1] + notes : 0);
              expect(from + notes).toBeLessThanOrEqual(count);
            }
          }
        },
      ),
    );
  });

  it("are anywhere", () => {
    const firsts = Array.from({ length: 200 }, (_, seed) => placesIn([15], 10, createRandom(seed))[0].from);
    expect(new Set(firsts)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  });

  it("come in random order", () => {
    const places = placesIn([1000, 1000], 10, createRandom(1));
    const early = places.slice(0, 100).filter(({ piece }) => piece === 0).length;
    expect(early).toBeGreaterThan(30);
    expect(early).toBeLessThan(70);
  });
});
