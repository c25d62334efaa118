/** @file Suffix arrays against sorting by hand. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { suffixArray } from "./suffix-array.ts";

function sorted(text: Uint8Array): number[] {
  const compare = (a: number, b: number): number => {
    for (let i = 0; ; i++) {
      if (a + i === text.length || b + i === text.length) return b - a;
      if (text[a + i] !== text[b + i]) return text[a + i] - text[b + i];
    }
  };
  return Array.from(text, (_, i) => i).sort(compare);
}

describe("a suffix array", () => {
  it("is all suffixes in order", () => {
    const symbol = fc.oneof(fc.constantFrom(0, 1, 2), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(symbol, { maxLength: 200, size: "max" }), (symbols) => {
        const text = Uint8Array.from(symbols);
        expect(Array.from(suffixArray(text))).toEqual(sorted(text));
      }),
    );
  });

  it("of a text that repeats itself", () => {
    for (const text of [new Uint8Array(300), Uint8Array.from({ length: 301 }, (_, i) => i % 3)]) {
      expect(Array.from(suffixArray(text))).toEqual(sorted(text));
    }
  });

  it("of nothing is nothing", () => {
    expect(suffixArray(new Uint8Array(0))).toEqual(new Int32Array(0));
  });
});
