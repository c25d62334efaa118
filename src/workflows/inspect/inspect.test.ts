import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { odeToJoy, preludeInC } from "../../../test/music/tunes.ts";
import { midiFromPerformance, writeMidi } from "../../midi/index.ts";
import { createPerformance, describePerformance } from "../../music/index.ts";
import { memoryPlatform } from "../../platform/memory.ts";
import { UserError } from "../../util/errors.ts";
import { prepare } from "../prepare/index.ts";
import type { CorpusFacts } from "./corpus.ts";
import { inspect } from "./inspect.ts";

const ode = writeMidi(midiFromPerformance(odeToJoy, { title: "Ode to Joy", texts: ["by hand"] }));
const prelude = writeMidi(midiFromPerformance(preludeInC));

function platformWith(files: Readonly<Record<string, Uint8Array | string>>) {
  return memoryPlatform({ files, sha256: (bytes) => createHash("sha256").update(bytes).digest("hex") });
}

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => "nothing was thrown",
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error instanceof UserError ? `${error.exitCode}: ${error.message}` : "";
}

describe("a file", () => {
  test("of MIDI: its music, and what it says of itself", async () => {
    const found = await inspect(platformWith({ "ode.mid": ode }), { path: "ode.mid" });
    expect(found).toMatchObject({
      kind: "file",
      facts: {
        path: "ode.mid",
        format: "midi",
        title: "Ode to Joy",
        bytes: ode.length,
        midi: {
          format: 1,
          tracks: 3,
          division: { type: "quarters", ticksPerQuarter: 480 },
          tempo: { first: 120, lowest: 120, highest: 120, changes: 0 },
          texts: ["by hand"],
          lyrics: 0,
        },
        music: { notes: 38, key: { name: "C major" } },
        warnings: [],
        shown: { from: 0, to: 15.9 },
        picture: null,
      },
    });
    expect(JSON.parse(JSON.stringify(found.facts))).toEqual(found.facts);
  });

  test("of MIDI, NoteSequence and tokens: the same description of the same music", async () => {
    const { performance: played } = await fileIn({ "ode.mid": ode }, "ode.mid");
    expect((await fileIn({ "ode.mid": ode }, "ode.mid")).facts.music).toEqual(describePerformance(played));
    const json = await fileIn({ "a.json": '{"notes":[{"pitch":60,"endTime":1}]}' }, "a.json");
    expect(json.facts).toMatchObject({
      format: "note-sequence",
      midi: null,
      music: { notes: 1, duration: 1 },
    });
    const tokens = "# rubato tokens performance {}\nnote-on:60\ntime-shift:50\n";
    const text = await fileIn({ "a.txt": tokens }, "a.txt");
    expect(text.facts).toMatchObject({
      format: "tokens",
      representation: { name: "performance", config: { velocityBins: 32 } },
      music: { notes: 1, duration: 0.5 },
    });
  });

  test("drawn, whole or in part", async () => {
    const platform = platformWith({ "prelude.mid": prelude });
    await inspect(platform, { path: "prelude.mid", plot: "a/whole.svg" });
    await inspect(platform, { path: "prelude.mid", plot: "part.PNG", from: 2, to: 4 });
    const svg = new TextDecoder().decode(await platform.store.read("a/whole.svg"));
    expect(svg).toMatch(/^<svg.*prelude\.mid.*128 notes/s);
    expect([...(await platform.store.read("part.PNG")).subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  });

  test("without notes", async () => {
    const silence = writeMidi(midiFromPerformance(createPerformance({ notes: [] })));
    expect((await fileIn({ "silence.mid": silence }, "silence.mid")).facts.music).toMatchObject({
      notes: 0,
      key: null,
    });
  });

  async function fileIn(files: Readonly<Record<string, Uint8Array | string>>, path: string) {
    const found = await inspect(platformWith(files), { path });
    if (found.kind !== "file") throw new Error("found no file");
    return found;
  }
});

describe("a folder", () => {
  test("of MIDI files: each of them, and all together", async () => {
    const platform = platformWith({
      "songs/b/ode.mid": ode,
      "songs/a.midi": prelude,
      "songs/broken.mid": "no music",
      "songs/readme.txt": "hello",
    });
    const found = await inspect(platform, { path: "songs/" });
    expect(found).toMatchObject({
      kind: "folder",
      facts: {
        path: "songs",
        files: [
          { path: "a.midi", work: null, notes: 128, key: "C major", warnings: 0 },
          { path: "b/ode.mid", notes: 38, pedal: null },
          { path: "broken.mid", refused: expect.stringMatching(/^MIDI, byte 0: found "no m"/) },
        ],
        otherFiles: 1,
        refused: 1,
        missing: null,
        total: { pieces: 2, notes: 166, keys: [{ key: "C major", pieces: 2 }], pedal: { pieces: 1 } },
      },
    });
    expect(platform.events.at(-1)).toEqual({ stage: "reading", done: 3, total: 3, unit: "files" });
  });

  test("with a table: composers and titles, and what is missing", async () => {
    const table =
      "midi_filename,split,composer,title\node.mid,train,Ludwig van Beethoven,Ode\nlost.mid,test,J,K\n";
    const found = await inspect(platformWith({ "set/ode.mid": ode, "set/info.csv": table }), { path: "set" });
    expect(found.facts).toMatchObject({
      missing: 1,
      files: [{ work: { composer: "Ludwig van Beethoven", title: "Ode" } }],
    });
  });

  test("with a damaged table: the files nevertheless", async () => {
    const table = "midi_filename,split\node.mid,tomorrow\n";
    const found = await inspect(platformWith({ "set/ode.mid": ode, "set/info.csv": table }), { path: "set" });
    expect(found.facts).toMatchObject({
      files: [{ work: null, notes: 38 }],
      tableFault: expect.stringContaining('found split "tomorrow"'),
    });
  });
});

describe("a corpus", () => {
  async function corpus(representation: string) {
    const platform = platformWith({ "songs/bach/prelude.mid": prelude, "songs/beethoven/ode.mid": ode });
    await prepare(platform, { source: "songs", out: "corpus", representation, split: 0.5 });
    return platform;
  }
  const factsOf = async (platform: ReturnType<typeof platformWith>): Promise<CorpusFacts> => {
    const found = await inspect(platform, { path: "corpus" });
    if (found.kind !== "corpus") throw new Error("found no corpus");
    return found.facts;
  };

  test("whole: splits, composers, tokens", async () => {
    const facts = await factsOf(await corpus("performance"));
    expect(facts).toMatchObject({
      name: "songs",
      representation: { name: "performance" },
      total: { pieces: 2, notes: 166 },
      composers: [
        { composer: "bach", pieces: 1 },
        { composer: "beethoven", pieces: 1 },
      ],
      damage: [],
      tokens: { pieces: 2, vocabulary: 388 },
    });
    const shares = new Map(facts.tokens?.kinds.map(({ kind, share }) => [kind, share]));
    expect([...shares.keys()].sort()).toEqual(["note-off", "note-on", "time-shift", "velocity"]);
    expect(shares.get("note-on")).toBeCloseTo(166 / facts.total.tokens, 10);
    expect([...shares.values()].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
  });

  test("of several fields", async () => {
    const facts = await factsOf(await corpus("notes"));
    expect(facts.fields.map(({ name }) => name)).toEqual(["shift", "pitch", "velocity", "duration"]);
    expect(facts.files).toHaveLength(10);
    expect(facts.damage).toEqual([]);
  });

  test("damaged: what is missing, and what is cut off", async () => {
    const platform = await corpus("performance");
    const [shard] = ["corpus/train-00000.bin"];
    const bytes = await platform.store.read(shard);
    await platform.store.write(shard, bytes.slice(0, -2));
    await platform.store.remove("corpus/validation-columns-00000.bin");
    const facts = await factsOf(platform);
    expect(facts.damage).toEqual([
      `train-00000.bin has ${bytes.length - 2} bytes, expected ${bytes.length}`,
      "validation-columns-00000.bin is missing",
    ]);
    expect(facts.tokens).toBeNull();
  });

  test("with a token that its representation does not know", async () => {
    const platform = await corpus("performance");
    const bytes = await platform.store.read("corpus/train-00000.bin");
    await platform.store.write(
      "corpus/train-00000.bin",
      bytes.map(() => 0xff),
    );
    expect(await messageOf(inspect(platform, { path: "corpus" }))).toMatch(
      /^1: found token 65535 in .*prepare the corpus again$/,
    );
  });

  test("with an index that is cut off", async () => {
    const platform = await corpus("performance");
    await platform.store.write("corpus/index.json", new TextEncoder().encode("{"));
    expect(await messageOf(inspect(platform, { path: "corpus" }))).toMatch(
      /^1: found corpus\/index.json that is not JSON/,
    );
  });
});

describe("refused", () => {
  test.each([
    [
      { path: "none.mid" },
      "1: Cannot read none.mid: there is no such file or folder; check the spelling of the path",
    ],
    [{ path: "page.html" }, "1: MIDI, byte 0: found a web page"],
    [{ path: "empty.mid" }, "1: MIDI, byte 0: found an empty file"],
    [{ path: "text" }, "1: found no MIDI file among 1 files in text"],
    [
      { path: "text", plot: "x.svg" },
      "2: found --plot for text, which is a folder, expected a file of music: name one file",
    ],
    [{ path: "text", from: 3 }, "2: found --from for text, which is a folder"],
    [{ path: "ode.mid", plot: "x.pdf" }, "2: found --plot x.pdf, expected a name that ends in .svg or .png"],
    [{ path: "ode.mid", from: 30 }, "2: The picture cannot go from 30 s to 15.9"],
    [{ path: "package.json" }, "2: NoteSequence: found an object with name, expected an object with `notes`"],
  ])("%j", async (options, message) => {
    const platform = platformWith({
      "ode.mid": ode,
      "page.html": "<html>",
      "empty.mid": "",
      "text/readme.md": "hello",
      "package.json": '{"name":"x"}',
    });
    expect(await messageOf(inspect(platform, options))).toContain(message);
    expect(await platform.store.stat("x.svg")).toBeUndefined();
  });
});
