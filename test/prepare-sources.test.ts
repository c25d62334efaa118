/** @file Several sources in one corpus: their splits, their names, and who plays. */
import { describe, expect, it } from "vitest";
import { openCorpus } from "../src/corpus/index.ts";
import { type Performance, piano } from "../src/music/index.ts";
import { memoryPlatform } from "../src/platform/memory.ts";
import { type PrepareInput, prepare } from "../src/workflows/index.ts";
import { midiBytes, randomFiles, randomMusic, sha256 } from "./fixtures/memory-corpus.ts";

const named = (performance: Performance, name: string) => ({
  ...performance,
  instruments: [{ ...piano, name }],
});

const files = {
  ...randomFiles(10, "songs"),
  "kit/one.mid": midiBytes(named(randomMusic(21, 30), "KIT")),
  "kit/two.mid": midiBytes(named(randomMusic(22, 30), "KIT")),
  "kit/three.mid": midiBytes(named(randomMusic(23, 30), "KIT")),
  "kit/info.csv": "midi_filename,composer,split\none.mid,x,train\ntwo.mid,x,test\nthree.mid,x,validation\n",
};
const platform = () => memoryPlatform({ files, sha256 });
const options: PrepareInput = { source: "songs", more: ["kit"], representation: "multitrack" };

describe("sources that are joined", () => {
  it("keep their own splits, and say what each gave", async () => {
    const given = platform();
    const { out, report } = await prepare(given, options);
    expect(out).toBe("corpora/songs+kit");
    const { index, tokens } = await openCorpus(given.store, out);
    const splitOf = Object.fromEntries(index.pieces.map(({ source, split }) => [source, split]));
    expect(splitOf).toMatchObject({
      "kit/one.mid": "train",
      "kit/two.mid": "test",
      "kit/three.mid": "validation",
    });
    expect(Object.keys(splitOf).filter((source) => source.startsWith("songs/"))).toHaveLength(10);
    expect(index.split).toEqual({ by: "sources", tables: ["info.csv"], share: 0.9, seed: 0 });
    expect(report.sources?.map(({ name, pieces }) => [name, pieces])).toEqual([
      ["songs", { train: 9, validation: 1 }],
      ["kit", { train: 1, validation: 1, test: 1 }],
    ]);
    const alone = platform();
    await prepare(alone, { source: "kit", representation: "multitrack", out: "kit-alone" });
    const other = await openCorpus(alone.store, "kit-alone");
    const find = (pieces: typeof index.pieces, end: string) =>
      pieces.filter(({ source }) => source.endsWith(end));
    const [piece] = find(index.pieces, "one.mid");
    const [same] = find(other.index.pieces, "one.mid");
    expect(await tokens(piece)).toEqual(await other.tokens(same));
  });

  it("of one name are told apart", async () => {
    const twins = memoryPlatform({
      files: { ...randomFiles(4, "a/midi"), ...randomFiles(4, "b/midi") },
      sha256,
    });
    const { report } = await prepare(twins, { source: "a/midi", more: ["b/midi"] });
    expect(report.sources?.map(({ name }) => name)).toEqual(["midi", "midi-2"]);
  });

  it("are read again only where they changed", async () => {
    const given = platform();
    expect((await prepare(given, options)).written).toBe(true);
    expect((await prepare(given, options)).written).toBe(false);
  });
});

describe("tracks that are played by others", () => {
  it("are so in tokens and in notes", async () => {
    const given = platform();
    const { out } = await prepare(given, { ...options, play: ["KIT=drums", "Piano=40"] });
    const { index, representation, tokens } = await openCorpus(given.store, out);
    for (const piece of index.pieces) {
      const [{ isDrum, program }] = piece.instruments;
      const kit = piece.source.startsWith("kit/");
      expect({ isDrum, program }).toEqual(
        kit ? { isDrum: true, program: 0 } : { isDrum: false, program: 40 },
      );
      const [steps] = await tokens(piece);
      expect(representation.describe(steps[1], 1)).toBe(kit ? "drums" : "program:40");
    }
  });

  it.each([
    [
      "KTI=drums",
      'found --play KTI=… and no track of that name, expected one of those in the files; did you mean "KIT"?',
    ],
    ["KIT=128", "found --play KIT=128, expected a program from 0 to 127"],
  ])("are refused as %s", async (play, sentence) => {
    await expect(prepare(platform(), { ...options, play: [play] })).rejects.toThrow(sentence);
  });
});
