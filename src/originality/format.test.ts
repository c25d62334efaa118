/** @file The index as a file: what was written is read back, from wherever it lies; what is damaged is refused. */
import { describe, expect, it } from "vitest";
import { createPerformance } from "../music/index.ts";
import { OriginalityError } from "./container.ts";
import { decodeIndex, encodeIndex, type OriginalityIndex } from "./format.ts";
import { LibraryBuilder } from "./library.ts";
import { bandOf, originalityOf } from "./originality.ts";

const tune = (first: number) =>
  createPerformance({
    notes: [0, 2, 4, 5, 7, 4, 0].map((step, i) => ({
      start: i / 3,
      end: i / 3 + 0.1,
      pitch: first + step,
      velocity: 60,
    })),
  });

function made(): OriginalityIndex {
  const builder = new LibraryBuilder();
  builder.add("a", tune(60));
  builder.add("b, ü", tune(71));
  const library = builder.build();
  return { corpus: "tunes", fingerprint: "f00", library, band: bandOf([originalityOf(tune(50), library)]) };
}

describe("an index as a file", () => {
  it.each([0, 1, 3, 8])("is read back, %i bytes into a larger buffer", (offset) => {
    const index = made();
    const bytes = encodeIndex(index);
    const within = new Uint8Array(offset + bytes.length);
    within.set(bytes, offset);
    const again = decodeIndex(within.subarray(offset), "here");
    expect(again).toEqual(index);
    expect(originalityOf(tune(40), again.library)).toEqual(originalityOf(tune(40), index.library));
  });

  it("without a band", () => {
    expect(decodeIndex(encodeIndex({ ...made(), band: null }), "here").band).toBeNull();
  });

  it("is refused where it is damaged", () => {
    const bytes = encodeIndex(made());
    const version = bytes.slice();
    version.set(new TextEncoder().encode('{"version":2'), 12);
    const long = bytes.slice();
    long[11] = 255;
    for (const damaged of [
      new Uint8Array(0),
      bytes.subarray(1),
      bytes.subarray(0, 40),
      bytes.subarray(0, -8),
      version,
      long,
    ]) {
      expect(() => decodeIndex(damaged, "here")).toThrow(OriginalityError);
      expect(() => decodeIndex(damaged, "here")).toThrow(
        /^found .* at here, expected an index of originality: /,
      );
    }
  });
});
