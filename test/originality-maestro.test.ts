/** @file Copies of real music are found: in another key, at another tempo, with notes changed, among pieces that resemble each other. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readPerformance } from "../src/midi/index.ts";
import { excerptOf, type Performance } from "../src/music/index.ts";
import { LibraryBuilder, originalityOf } from "../src/originality/index.ts";
import { createRandom } from "../src/util/random.ts";
import { meanOf } from "../src/util/statistics.ts";
import { disguised } from "./fixtures/disguise.ts";
import { describeWithData } from "./shared-data.ts";

/** Enough for passages to be in several pieces; bench/originality.ts looks in all of them. */
const learnt = 120;
const copied = 12;

describeWithData("originality on MAESTRO", "maestro-v3.0.0", (path) => {
  it("names the piece that a disguised excerpt is from", () => {
    const files = readdirSync(path, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.midi?$/.test(name))
      .sort();
    const stride = Math.floor(files.length / learnt);
    const builder = new LibraryBuilder();
    const music = Array.from({ length: learnt }, (_, i): readonly [string, Performance] => {
      const name = files[i * stride];
      return [name, readPerformance(readFileSync(join(path, name))).performance];
    });
    for (const [name, performance] of music) builder.add(name, performance);
    const library = builder.build();
    const found: number[] = [];
    for (let i = 0; i < copied; i++) {
      const [name, performance] = music[i * Math.floor(learnt / copied)];
      const random = createRandom(`copy ${i}`);
      const from = random.integer(performance.notes.count - 512);
      const { longest, shares } = originalityOf(
        disguised(excerptOf(performance, from, 512), random),
        library,
      );
      expect(longest?.piece).toBe(name);
      // Changed notes and chords that fall apart when slowed end many passages; 95 of 100 people share 12 % at most.
      expect(shares[0].share).toBeGreaterThan(0.12);
      found.push(shares[0].share);
    }
    expect(meanOf(found)).toBeGreaterThan(0.3);
  });
});
