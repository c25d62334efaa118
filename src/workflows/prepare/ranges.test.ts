import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryPlatform } from "../../platform/memory.ts";
import type { Store } from "../../platform/platform.ts";
import type { StoredRange } from "./entry.ts";
import { readRanges } from "./ranges.ts";
import { openWriters } from "./writers.ts";

const size = 3 * 2 ** 20;
const bytesOf = (seed: number) => Uint8Array.from({ length: size }, (_, i) => (i * 31 + seed) ^ (i >> 8));
const files = { a: bytesOf(1), b: bytesOf(2) };

/** A store that counts its reads. */
function counted(store: Store): { readonly store: Store; readonly reads: number[] } {
  const reads: number[] = [];
  const read: Store["read"] = (path, range) => {
    reads.push(range?.length ?? 0);
    return store.read(path, range);
  };
  return { reads, store: { ...store, read } };
}

async function copied(store: Store, ranges: readonly StoredRange[]): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const bytes of readRanges(store, ranges)) all.push(bytes.slice());
  return all;
}

describe("ranges", () => {
  const { store } = memoryPlatform({ files });
  const range = fc.record({
    file: fc.constantFrom<"a" | "b">("a", "b"),
    offset: fc.nat(size),
    length: fc.oneof(fc.nat(100), fc.nat(2 ** 17), fc.nat(2 ** 21)),
  });
  const inside = range.map((each) => ({ ...each, length: Math.min(each.length, size - each.offset) }));

  it("are read as they are, in whatever order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(inside, { maxLength: 12 }), async (ranges) => {
        const expected = ranges.map(({ file, offset, length }) =>
          files[file].subarray(offset, offset + length),
        );
        const read = await copied(store, ranges);
        expect(read.every((bytes, i) => Buffer.from(bytes).equals(expected[i]))).toBe(true);
        expect(read).toHaveLength(ranges.length);
      }),
      { numRuns: 40 },
    );
  });

  it("that lie side by side are read together, a mebibyte at a time", async () => {
    const ranges = Array.from({ length: 3000 }, (_, i) => ({ file: "a", offset: i * 1000, length: 900 }));
    const watched = counted(store);
    expect(await copied(watched.store, ranges)).toHaveLength(3000);
    expect(watched.reads).toHaveLength(3);
    expect(Math.max(...watched.reads)).toBeLessThanOrEqual(2 ** 20);
  });

  it("that are cut off are named", async () => {
    const beyond = { file: "a", offset: size - 10, length: 20 };
    await expect(copied(store, [beyond])).rejects.toThrow(`found a cut off, expected ${size + 10} bytes`);
    await expect(copied(store, [{ ...beyond, file: "gone" }])).rejects.toThrow("there is no such file");
  });
});

describe("writers", () => {
  it("let files grow side by side, and say where each part lies", async () => {
    const { store } = memoryPlatform();
    const writers = openWriters(store, "out");
    const parts = [10, 2 ** 20, 7, 2 ** 20 + 1, 0, 600_000, 600_000, 3].map((length, i) => ({
      file: i % 3 === 0 ? "x" : "y",
      bytes: bytesOf(i).subarray(0, length),
    }));
    const places: StoredRange[] = [];
    for (const { file, bytes } of parts) places.push(await writers.add(file, bytes));
    expect(await store.stat("out/x")).toBeUndefined();
    await writers.commit();
    for (const [i, { bytes }] of parts.entries()) {
      const read = await store.read(`out/${places[i].file}`, places[i]);
      expect(Buffer.from(read).equals(bytes)).toBe(true);
    }
  });

  it("leave nothing when they are discarded", async () => {
    const { store } = memoryPlatform();
    const writers = openWriters(store, "out");
    await writers.add("x", new Uint8Array(2 ** 21));
    await writers.discard();
    expect(await store.stat("out/x")).toBeUndefined();
  });
});
