/** @file `rubato originality` from corpus and MIDI file to a verdict, in memory. */
import { beforeAll, describe, expect, it } from "vitest";
import { excerptOf, type Performance, transpose } from "../src/music/index.ts";
import type { MemoryPlatform } from "../src/platform/memory.ts";
import { UserError } from "../src/util/errors.ts";
import { originality } from "../src/workflows/originality/index.ts";
import { prepare } from "../src/workflows/prepare/index.ts";
import { memoryCorpus, midiBytes, randomMusic } from "./fixtures/memory-corpus.ts";

let platform: MemoryPlatform;
let learnt: string;

const piece = (i: number) => randomMusic(i, 120);
const write = (path: string, performance: Performance) => platform.store.write(path, midiBytes(performance));

beforeAll(async () => {
  const files = Object.fromEntries(
    Array.from({ length: 50 }, (_, i) => [`in/${i}.mid`, midiBytes(piece(i))]),
  );
  const made = await memoryCorpus(files, { split: 0.5 });
  platform = made.platform;
  learnt = made.corpus.index.pieces.find(({ split }) => split === "train")?.source ?? "";
  const original = piece(Number.parseInt(learnt, 10));
  const { performance } = transpose(excerptOf(original, 30, 60), 5);
  await write("music/taken.mid", performance);
  await write("music/deep/own.mid", randomMusic(1000, 120));
  await write("silent.mid", randomMusic(1, 0));
});

const look = (...files: string[]) => originality(platform, { files, against: "out" });

describe("rubato originality", () => {
  it("names the piece that was taken from, and clears what is one's own", async () => {
    const { files, band, pieces } = await look("music");
    expect(pieces + (band?.pieces ?? 0)).toBe(50);
    const [own, taken] = files;
    expect(own).toMatchObject({
      file: "music/deep/own.mid",
      shares: [8, 12, 16].map((notes) => ({ notes, share: 0 })),
    });
    expect(own.verdict).not.toBe("copied");
    expect(taken).toMatchObject({
      file: "music/taken.mid",
      verdict: "copied",
      longest: { piece: expect.stringContaining(learnt) },
    });
    // Cut out at another time, notes that are hardly apart may be a chord, or no longer one.
    expect(taken.longest?.notes).toBeGreaterThan(30);
  });

  it("keeps its index, and makes it anew where it is damaged or of another corpus", async () => {
    const first = await look("music");
    const kept = await platform.store.read("out/originality.bin");
    expect(await look("music")).toEqual(first);
    const other = kept.slice();
    other.set(
      new TextEncoder().encode("0"),
      new TextDecoder().decode(kept.subarray(0, 400)).indexOf("fingerprint") + 14,
    );
    for (const damaged of [kept.subarray(0, 100), other]) {
      await platform.store.write("out/originality.bin", damaged);
      expect(await look("music")).toEqual(first);
      expect((await platform.store.read("out/originality.bin")).length).toBe(kept.length);
    }
  });

  it("has nobody to compare with where there is no validation split", async () => {
    await platform.store.write("few/a.mid", midiBytes(piece(1)));
    await prepare(platform, { source: "few", out: "alone" });
    const report = await originality(platform, { files: ["music/taken.mid"], against: "alone" });
    expect(report.band).toBeNull();
    expect(report.files[0].verdict).toBeNull();
  });

  it.each([
    ["nowhere.mid", /^found nothing at nowhere.mid, expected a file of music/],
    ["silent.mid", /^found no notes in silent.mid, expected music/],
    ["out", /^found no MIDI files in out, expected music/],
  ])("says in one sentence what is wrong with %s", async (file, message) => {
    const failure = await look(file).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({ message: expect.stringMatching(message) });
  });
});
