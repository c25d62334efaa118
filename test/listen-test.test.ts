/** @file `rubato listen-test` from MIDI files to a page, and from answers to preferences. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { MPEGDecoder } from "mpg123-decoder";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { MemoryPlatform } from "../src/platform/memory.ts";
import { StorageError, UsageError } from "../src/util/errors.ts";
import {
  type ListenResultsInput,
  type ListenTestInput,
  listenResults,
} from "../src/workflows/listen-test/index.ts";
import { requireBuild, rubatoIn } from "./fixtures/command.ts";
import {
  type Key,
  keyOf,
  keySchema,
  late,
  make,
  music,
  platformOf,
  systemsBy,
  text,
  two,
} from "./fixtures/listening-kit.ts";
import { midiBytes, randomMusic, sha256 } from "./fixtures/memory-corpus.ts";
import { refusalOf } from "./fixtures/refusal.ts";

let platform: MemoryPlatform;
let key: Key;
let systemOf: ReturnType<typeof systemsBy>;

beforeAll(async () => {
  platform = platformOf();
  await make(platform, { out: "kit/", pairs: 4, seconds: 2 });
  key = await keyOf(platform);
  systemOf = systemsBy(key);
});

describe("a kit", () => {
  it("says nothing of systems in its folder, and all of it in the key beside", async () => {
    const files = (await platform.store.list(".")).filter(({ path }) => path.startsWith("kit"));
    const sounds = key.excerpts.map(({ id }) => `kit/audio/${id}.mp3`).sort();
    expect(files.map(({ path }) => path)).toEqual(["kit.key.json", ...sounds, "kit/index.html"]);
    for (const { path } of files.slice(1)) {
      const contents = Buffer.from(await platform.store.read(path)).toString("latin1");
      const names = /walrus|ocelot|third|\.mid\b|systems|\buno\b|\bdue\b/i;
      expect(path + contents).not.toMatch(names);
    }
    expect(new Set(key.excerpts.map(({ system }) => system))).toEqual(new Set(["walrus", "ocelot"]));
    // Neither the order of the names nor that of the trials follows the systems.
    const page = text(await platform.store.read("kit/index.html"));
    expect(page).not.toMatch(/https?:|src="[^"]*\/\//);
  });

  it("has each system on both sides as often, and every excerpt as long as was asked, from an onset on", async () => {
    const asA = key.trials.filter(({ a }) => systemOf(a) === "walrus");
    expect(key.trials.length).toBe(4);
    expect(asA.length).toBe(2);
    for (const { coin } of key.trials) {
      expect(key.trials.filter((each) => each.coin === coin).map(({ a }) => systemOf(a))).toHaveLength(2);
    }
    for (const { file, from, seconds } of key.excerpts) {
      expect(seconds).toBeGreaterThan(1);
      expect(seconds).toBeLessThanOrEqual(2);
      expect(file).not.toContain("tamburo");
      if (file.endsWith("due.mid")) expect(from).toBeGreaterThanOrEqual(2);
    }
    const decoder = new MPEGDecoder();
    await decoder.ready;
    const id = key.excerpts.find(({ file }) => file.endsWith("due.mid"))?.id;
    const { channelData, sampleRate } = decoder.decode(await platform.store.read(`kit/audio/${id}.mp3`));
    decoder.free();
    // The music begins at once: what is silent is the delay of an MP3.
    expect(channelData[0].findIndex((sample) => Math.abs(sample) > 0.001) / sampleRate).toBeLessThan(0.15);
  });

  it("is the same to the byte for the same seed, and another for another", async () => {
    const kitOf = async (seed: number) => {
      const fresh = platformOf();
      await make(fresh, { seed });
      const files = (await fresh.store.list(".")).filter(({ path }) => path.startsWith("kit"));
      const sums = files.map(async ({ path }) => `${path} ${sha256(await fresh.store.read(path))}`);
      return Promise.all(sums);
    };
    const first = await kitOf(1);
    expect(await kitOf(1)).toEqual(first);
    expect(await kitOf(2)).not.toEqual(first);
  });

  it("rounds up so that all systems meet equally often, and says so, and what it left out", async () => {
    const fresh = platformOf();
    const made = await make(fresh, { systems: [...two, "systems/third.mid"], pairs: 2 });
    expect(made).toMatchObject({ out: "kit", key: "kit.key.json", trials: 3, sounds: 6 });
    expect(made.systems.map(({ name, files }) => [name, files])).toEqual([
      ["walrus", 2],
      ["ocelot", 2],
      ["third.mid", 1],
    ]);
    expect(made.remarks).toEqual([
      "systems/ocelot/tamburo.mid has no notes for a piano, and was left out",
      "3 pairs are heard and not 2, so that all systems meet equally often",
    ]);
  });

  it("pairs files of one name, from the same moment on", async () => {
    const fresh = platformOf();
    const names = ["x.mid", "deep/y.mid"];
    for (const [i, name] of names.entries()) {
      await fresh.store.write(`first/${name}`, midiBytes(randomMusic(10 + i, 80)));
      await fresh.store.write(`second/${name}`, midiBytes(randomMusic(20 + i, 80)));
    }
    await fresh.store.write("second/z.mid", midiBytes(late));
    const made = await make(fresh, { systems: ["first", "second"] });
    expect(made.remarks).toEqual([
      "first and second meet in the 2 files whose name both have, from the same moment on",
    ]);
    const { excerpts, trials } = await keyOf(fresh);
    const byId = new Map(excerpts.map((each) => [each.id, each]));
    const heard = trials.map(({ a, b }) =>
      [byId.get(a), byId.get(b)].map((each) => each?.file.replace(/^\w+\//, "")),
    );
    for (const [a, b] of heard) expect(a).toBe(b);
    expect(new Set(heard.flat())).toEqual(new Set(names));
    for (const { a, b } of trials) {
      expect(Math.abs((byId.get(a)?.from ?? 0) - (byId.get(b)?.from ?? 99))).toBeLessThan(1.5);
    }
  });

  it.each<[string, Partial<ListenTestInput>, RegExp]>([
    [
      "one system",
      { systems: ["systems/walrus"] },
      /^found one system, systems\/walrus, expected two or more/,
    ],
    [
      "the same twice",
      { systems: ["silent", "silent/"] },
      /^found silent twice, expected systems that differ/,
    ],
    ["nothing", { systems: ["nowhere", "silent"] }, /^found nothing at nowhere, expected a file of music/],
    ["no MIDI", { systems: ["words", "silent"] }, /^found no MIDI files in words/],
    [
      "no notes",
      { systems: two.with(1, "silent") },
      /^found no notes for a piano in 1 file at silent, expected/,
    ],
    [
      "a full folder",
      { out: "systems" },
      /^found a folder at systems that is not empty, expected an empty one/,
    ],
    ["a file", { out: "systems/third.mid" }, /^found a file at systems\/third.mid, expected a folder/],
    ["no name", { out: ".." }, /^found --out \.\., expected the name of a folder/],
  ])("refuses %s in one sentence, and writes nothing", async (_, options, message) => {
    const fresh = platformOf();
    const refusal = await refusalOf(make(fresh, options), UsageError);
    expect(refusal.message).toMatch(message);
    expect((await fresh.store.list(".")).map(({ path }) => path)).toEqual(Object.keys(music).sort());
  });

  it("never loses a key, nor what somebody else put where it writes", async () => {
    const fresh = platformOf();
    await fresh.store.write("kit.key.json", new TextEncoder().encode("{}"));
    const { message } = await refusalOf(make(fresh), UsageError);
    expect(message).toMatch(/^found kit.key.json, the key of another kit, expected nothing there/);
    await fresh.store.write("other.partial/thesis.txt", new TextEncoder().encode("years of work"));
    const { message: said } = await refusalOf(make(fresh, { out: "other" }), UsageError);
    expect(said).toMatch(/^found other.partial, which no run of listen-test has left/);
    await fresh.store.write("left.partial/audio/abc.mp3", new Uint8Array(3));
    await make(fresh, { out: "left" });
    expect(await fresh.store.stat("left.partial")).toBeUndefined();
  });
});

it("leaves nothing under its names where the disk is full", async () => {
  const fresh = platformOf();
  let left = 2;
  const write = (path: string, bytes: Uint8Array) =>
    left-- > 0 ? fresh.store.write(path, bytes) : Promise.reject(new StorageError("the disk is full", path));
  const full = { ...fresh, store: { ...fresh.store, write } };
  const { message } = await refusalOf(make(full), StorageError);
  expect(message).toBe("the disk is full");
  expect((await fresh.store.list(".")).map(({ path }) => path)).toEqual(Object.keys(music).sort());
});

interface Given {
  readonly listener: string;
  /** Of the trials in the order of the key: the system that is preferred. */
  readonly prefers: readonly ("walrus" | "ocelot" | "none")[];
}

/** What the page would have exported, with the sides turned for every other listener. */
function answersOf({ listener, prefers }: Given, turned = false) {
  return {
    ...{ format: "rubato-listening-answers", version: 1, kit: key.kit, listener: { id: listener, name: "" } },
    answers: prefers.map((preferred, i) => {
      const trial = key.trials[i];
      const [a, b] = turned ? [trial.b, trial.a] : [trial.a, trial.b];
      const answer = preferred === "none" ? "none" : systemOf(a) === preferred ? "a" : "b";
      return { trial: trial.id, a, b, answer, heard: { a: 2, b: 2 }, seconds: 5 };
    }),
  };
}

describe("results", () => {
  const write = (path: string, json: unknown) =>
    platform.store.write(
      path,
      new TextEncoder().encode(typeof json === "string" ? json : JSON.stringify(json)),
    );
  const read = (answers: string[], options: Partial<ListenResultsInput> = {}) =>
    listenResults(platform, { answers, key: "kit.key.json", ...options });

  beforeAll(async () => {
    await write(
      "answers/ada.json",
      answersOf({ listener: "ada", prefers: ["walrus", "walrus", "none", "walrus"] }),
    );
    await write(
      "answers/bob.json",
      answersOf({ listener: "bob", prefers: ["walrus", "ocelot", "walrus"] }, true),
    );
    await write("more/bob-early.json", answersOf({ listener: "bob", prefers: ["walrus", "ocelot"] }));
  });

  it("count what was preferred, on whichever side it was", async () => {
    const { pairs, systems, listeners, answers, sides, remarks } = await read(["answers"]);
    expect({ listeners, answers }).toEqual({ listeners: 2, answers: 7 });
    expect(pairs).toMatchObject([
      {
        first: "walrus",
        second: "ocelot",
        preferred: 5,
        rejected: 1,
        ties: 1,
        answers: 7,
        listeners: 2,
        p: expect.closeTo(14 / 64, 12),
      },
    ]);
    expect(pairs[0].share.value).toBeCloseTo(5.5 / 7, 12);
    expect(pairs[0].share.low).toBeLessThan(5.5 / 7);
    expect(pairs[0].share.high).toBeGreaterThan(5.5 / 7);
    expect(systems.map(({ name, share }) => [name, share.value])).toEqual([
      ["walrus", expect.closeTo(5.5 / 7, 12)],
      ["ocelot", expect.closeTo(1.5 / 7, 12)],
    ]);
    expect(sides.a + sides.b).toBe(6);
    expect(sides.none).toBe(1);
    expect(remarks).toEqual([
      "there are 2 listeners: where people differ much, the intervals of fewer than 8 are too narrow",
      "answers/bob.json has 3 of 4 answers: the listener stopped early",
    ]);
  });

  it("are the same for the same seed, and wider for more confidence", async () => {
    const [some, same, sure] = [
      await read(["answers"]),
      await read(["answers"]),
      await read(["answers"], { confidence: 0.999 }),
    ];
    expect(same).toEqual(some);
    expect(sure.pairs[0].share.low).toBeLessThan(some.pairs[0].share.low);
  });

  it("count a listener once, by the file with the most answers", async () => {
    const { answers, remarks } = await read(["answers", "more", "answers/ada.json"]);
    expect(answers).toBe(7);
    expect(remarks[0]).toBe(
      "more/bob-early.json is of the same listener as answers/bob.json, which has more answers, and was left out",
    );
  });

  it("say where there is one listener, and where answers are all alike", async () => {
    await write(
      "one.json",
      answersOf({ listener: "eve", prefers: ["ocelot", "ocelot", "ocelot", "ocelot"] }),
    );
    const { pairs, remarks } = await read(["one.json"]);
    expect(pairs[0]).toMatchObject({ p: expect.closeTo(0.125, 12), share: { value: 0, low: 0, high: 0 } });
    expect(remarks).toEqual([
      "there is one listener: intervals draw answers alone, and say nothing about other people",
      "all answers to walrus and ocelot are alike, so that drawing them again cannot make an interval: p says more",
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    [
      "text",
      "{",
      /^found bad.json, which is not JSON, expected answers that the page exported: export them again/,
    ],
    ["a list", [], /^found bad.json, which is not one \(/],
    ["a strange answer", { answer: "c" }, /^found bad.json, whose answers.0.answer is not as it should be/],
    [
      "an unknown pair",
      { trial: "x" },
      /^found an answer to the pair x, which kit.key.json does not have in bad/,
    ],
    ["other sounds", { a: "x" }, /^found an answer to the pair \w+ with other sounds than in kit.key.json/],
    [
      "another kit",
      "other",
      /^found answers to the kit other in bad.json, expected those to \w{12}, which is that of/,
    ],
    ["a pair twice", "twice", /^found two answers to the pair \w+ in bad.json/],
    ["no answers", "none", /^found no answer in 1 file, expected at least one/],
  ])("refuse %s in one sentence", async (_, change, message) => {
    const good = answersOf({ listener: "mallory", prefers: ["walrus", "none"] });
    const [first] = good.answers;
    const bad =
      change === "other"
        ? { ...good, kit: "other" }
        : change === "twice"
          ? { ...good, answers: [first, first] }
          : change === "none"
            ? { ...good, answers: [] }
            : typeof change === "string" || Array.isArray(change)
              ? change
              : { ...good, answers: [Object.assign({}, first, change)] };
    await write("bad.json", bad);
    expect((await refusalOf(read(["bad.json"]), UsageError)).message).toMatch(message);
  });

  it.each<[string, Partial<ListenResultsInput>, RegExp]>([
    ["nothing there", { answers: ["nowhere"] }, /^found nothing at nowhere, expected answers/],
    ["no files", { answers: [] }, /^found no answers, expected files/],
    ["a folder without", { answers: ["words"] }, /^found no .json in words/],
    [
      "no key",
      { key: "answers/ada.json" },
      /^found answers\/ada.json, whose format is not .*, expected the key/,
    ],
  ])("refuse %s in one sentence", async (_, options, message) => {
    expect((await refusalOf(read(["answers"], options), UsageError)).message).toMatch(message);
  });
});

describe("the command", () => {
  let folder = "";

  beforeAll(() => {
    requireBuild();
    folder = mkdtempSync(join(tmpdir(), "rubato-listen-command-"));
    for (const [path, contents] of Object.entries(music)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), contents);
    }
  });

  afterAll(() => {
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  });

  it("makes a kit on several threads, and reads what was answered", () => {
    const asked = ["--out", "kit", "--pairs", "2", "--seconds", "1", "--sample-rate", "22050"];
    const made = rubatoIn(folder, ["listen-test", ...two, ...asked]);
    expect(made.code, made.err).toBe(0);
    expect(made.out).toMatch(/^wrote kit: 2 pairs of walrus, ocelot; 4 sounds of 1 second at most\n/);
    const own = keySchema.parse(JSON.parse(readFileSync(join(folder, "kit.key.json"), "utf8")));
    for (const listener of ["x", "y"]) {
      const answers = own.trials.map(({ id, a, b }) => ({
        ...{ trial: id, a, b, answer: "a", heard: { a: 1, b: 1 }, seconds: 2 },
      }));
      const listening = { id: listener, name: listener };
      const file = {
        format: "rubato-listening-answers",
        version: 1,
        kit: own.kit,
        listener: listening,
        answers,
      };
      writeFileSync(join(folder, `${listener}.json`), JSON.stringify(file));
    }
    const results = ["listen-test", "--results", "x.json", "y.json", "--key", "kit.key.json"];
    const table = rubatoIn(folder, results);
    expect(table.code, table.err).toBe(0);
    expect(table.out).toMatch(/2 listeners, 4 answers; intervals of 95 %/);
    expect(table.out).toMatch(/walrus +ocelot +2 +2 +0 +50\.0 +\d+\.\d to \d+\.\d +1\.0000\n/);
    const json = z.object({ pairs: z.array(z.object({ preferred: z.int() })) });
    expect(json.parse(JSON.parse(rubatoIn(folder, [...results, "--json"]).out)).pairs[0].preferred).toBe(2);
  });

  it.each([
    [[...two], "found no --out, expected a folder for the page"],
    [["--results", "x.json"], "found --results without --key, expected the .key.json"],
    [["--key", "kit.key.json"], "found --key without --results, expected answers to read"],
    [["--results", "x.json", "--key", "k", "--out", "o"], "found --results and --out, expected one of them"],
  ])("refuses %j", (args, words) => {
    const { code, out, err } = rubatoIn(folder, ["listen-test", ...args]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(words);
  });
});
