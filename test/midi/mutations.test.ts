/** @file Two thousand broken files a run; `tools/fuzz-midi.ts` breaks a hundred thousand. */
import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/util/random.ts";
import { mutate } from "./mutate.ts";
import { undergo } from "./ordeal.ts";
import { edgeCaseSeeds, madeSeeds } from "./seeds.ts";

describe("broken files", () => {
  it("are no surprise while they are whole", () => {
    const outcomes = madeSeeds.map(({ name, bytes }) => `${name}: ${undergo(bytes).outcome}`);
    expect(outcomes).toMatchInlineSnapshot(`
      [
        "plain: clean",
        "format 1: clean",
        "format 2: clean",
        "smpte: clean",
        "sysex: mended",
        "an alien chunk: mended",
        "no End of Track: mended",
        "wrong lengths: mended",
        "crowd: clean",
        "programs: clean",
        "many tracks: clean",
        "riff: clean",
        "gzip: clean",
      ]
    `);
  });

  it("crash nothing, hang nothing, and lose nothing when written back", () => {
    const seeds = [...madeSeeds, ...edgeCaseSeeds()];
    const random = createRandom("broken files");
    let slowest = 0;
    for (let i = 0; i < 2_000; i++) {
      const { bytes, names } = mutate(seeds, random);
      const begin = performance.now();
      try {
        undergo(bytes);
      } catch (error) {
        throw new Error(`file ${i} (${names.join(", ")})`, { cause: error });
      }
      slowest = Math.max(slowest, performance.now() - begin);
    }
    expect(slowest).toBeLessThan(1_000);
  });
});
