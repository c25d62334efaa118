import { describe, expect, it } from "vitest";
import { CorpusError } from "./error.ts";
import { type CorpusIndex, columnsFile, isCorpusIndex, parseIndex, tokenFile } from "./format.ts";

const index: CorpusIndex = {
  format: "rubato-corpus",
  version: 1,
  name: "songs",
  representation: { name: "performance", config: { velocityBins: 32 } },
  fields: [{ name: "event", size: 388 }],
  segmentSeconds: null,
  split: { by: "composition", share: 0.9, seed: 0 },
  shards: { train: [{ steps: 5, noteBytes: 40 }] },
  totals: { train: { pieces: 1, notes: 2, seconds: 1.5, steps: 5, tokens: 5 } },
  pieces: [
    {
      source: "a/b.mid",
      label: "a",
      composer: "a",
      title: "b",
      split: "train",
      shard: 0,
      offset: 0,
      length: 5,
      notesOffset: 0,
      notes: 2,
      crossings: 0,
      instruments: [{ name: "Piano", program: 0, isDrum: false, channel: 0 }],
      seconds: 1.5,
      warnings: 0,
      hash: "00",
    },
  ],
};

const parse = (json: unknown) =>
  parseIndex(typeof json === "string" ? json : JSON.stringify(json), "x/index.json");

describe("an index", () => {
  it("is read back as it was written", () => {
    expect(parse(index)).toEqual(index);
  });

  it.each([
    ["cut off", '{"format":"rubato-corpus","ver', "found x/index.json that is not JSON"],
    ["of another program", { name: "app", version: "1.0.0" }, "found x/index.json that is no corpus index"],
    ["of no object at all", "null", "that is no corpus index"],
    ["of a version to come", { ...index, version: 2 }, "found corpus version 2 in x/index.json, expected 1"],
    ["of a version that never was", { ...index, version: 0 }, "found corpus version 0"],
    [
      "with a piece damaged",
      { ...index, pieces: [{ ...index.pieces[0], offset: -1 }] },
      "at pieces.0.offset",
    ],
    [
      "with a split nobody knows",
      { ...index, totals: { training: {} } },
      "damaged corpus index x/index.json at totals",
    ],
    ["without fields", { ...index, fields: [] }, "at fields"],
  ])("%s is refused with a sentence", (_, json, words) => {
    expect(() => parse(json)).toThrow(CorpusError);
    expect(() => parse(json)).toThrow(words);
  });

  it("of any version is known for one, and nothing else is", () => {
    const isIndex = (json: unknown) => isCorpusIndex(JSON.stringify(json));
    expect([index, { ...index, version: 7 }, { format: "rubato-corpus" }].map(isIndex)).toEqual([
      true,
      true,
      true,
    ]);
    expect([{}, null, "rubato-corpus", { format: "zip" }].map(isIndex)).toEqual([false, false, false, false]);
    expect(isCorpusIndex("{")).toBe(false);
  });
});

describe("files", () => {
  it("are one per split and shard, and per field where there are several", () => {
    const fields = [
      { name: "shift", size: 64 },
      { name: "pitch", size: 129 },
    ];
    expect(tokenFile(index, "train", 0, 0)).toBe("train-00000.bin");
    expect(tokenFile({ fields }, "validation", 1, 12)).toBe("validation-pitch-00012.bin");
    expect(columnsFile("test", 1)).toBe("test-columns-00001.bin");
  });
});
