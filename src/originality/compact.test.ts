/** @file The library in few bytes against the whole one. */
import { describe, expect, it } from "vitest";
import { createPerformance, notesOf, type Performance, transpose } from "../music/index.ts";
import { createRandom } from "../util/random.ts";
import { compactLibrary, originalityByHashes } from "./compact.ts";
import { type CompactIndex, decodeCompactIndex, encodeCompactIndex, OriginalityError } from "./index.ts";
import { LibraryBuilder } from "./library.ts";
import { originalityOf } from "./originality.ts";

/** Few intervals, so that short passages recur. */
function walk(seed: string, notes: number): Performance {
  const random = createRandom(seed);
  let pitch = 60;
  return createPerformance({
    notes: Array.from({ length: notes }, (_, i) => {
      const step = random.integer(4) - 2;
      pitch = pitch + step > 90 || pitch + step < 30 ? pitch - step : pitch + step;
      return { start: i / 4, end: i / 4 + 0.2, pitch, velocity: 64 };
    }),
  });
}

const builder = new LibraryBuilder();
for (let i = 0; i < 30; i++) builder.add(`piece ${i}`, walk(`piece ${i}`, 1000));
const whole = builder.build();
const library = compactLibrary(whole);

const taken = (from: number, count: number): Performance => {
  const notes = [...notesOf(walk("piece 9", 1000))].slice(from, from + count);
  return createPerformance({ notes });
};

describe("a compact library", () => {
  it("is small: a byte or two for each note, and what the tables take", () => {
    const bytes = library.passages.reduce(
      (sum, { hashes, pieces, from }) => sum + hashes.byteLength + pieces.byteLength + from.byteLength,
      library.times.byteLength,
    );
    expect(bytes).toBeLessThan(2 * 30_000);
    expect(bytes).toBeGreaterThan(0.3 * 30_000);
  });

  it("estimates the shares that the whole one counts", () => {
    const own = walk("own", 20_000);
    const [counted, estimated] = [originalityOf(own, whole), originalityByHashes(own, library)];
    for (const [i, { share }] of counted.shares.entries()) {
      const looked = 20_000 / 16;
      const deviation = Math.sqrt((share * (1 - share)) / looked);
      expect(Math.abs(estimated.shares[i].share - share)).toBeLessThan(5 * deviation + 2 / looked);
    }
    expect(counted.shares[0].share).toBeGreaterThan(0.2);
  });

  it("finds what was taken, and where, in another key", () => {
    const { performance } = transpose(taken(300, 200), 3);
    const { shares, longest } = originalityByHashes(performance, library);
    expect(shares.map(({ share }) => share)).toEqual([1, 1, 1]);
    expect(longest?.notes).toBeGreaterThan(160);
    expect(longest?.notes).toBeLessThanOrEqual(200);
    expect(longest?.piece).toBe("piece 9");
    expect(longest?.pieceFrom).toBeCloseTo(longest?.from ?? 0, 1);
    expect((longest?.pieceTo ?? 0) - (longest?.pieceFrom ?? 0)).toBeCloseTo(
      (longest?.to ?? 0) - (longest?.from ?? 0),
      1,
    );
  });

  it("says nothing of music that is too short", () => {
    expect(originalityByHashes(taken(0, 5), library)).toMatchObject({ longest: null, notes: 5 });
    const none = compactLibrary(new LibraryBuilder().build());
    expect(originalityByHashes(taken(0, 100), none).longest).toBeNull();
  });

  it("is read back from its file, and refused where it is damaged", () => {
    const index: CompactIndex = { corpus: "walks", fingerprint: "f00", band: null, library };
    const bytes = encodeCompactIndex(index);
    expect(decodeCompactIndex(bytes, "here")).toEqual(index);
    for (const wrong of [bytes.subarray(8), bytes.subarray(0, -8), new Uint8Array(3)]) {
      expect(() => decodeCompactIndex(wrong, "here")).toThrow(OriginalityError);
    }
  });
});
