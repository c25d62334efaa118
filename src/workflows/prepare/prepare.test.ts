import { describe, expect, it } from "vitest";
import {
  memoryCorpus,
  midiBytes,
  randomFiles,
  randomMusic,
  sha256,
} from "../../../test/fixtures/memory-corpus.ts";
import { Killed, mortalStore } from "../../../test/fixtures/mortal-store.ts";
import { refusalOf } from "../../../test/fixtures/refusal.ts";
import { openCorpus } from "../../corpus/index.ts";
import { memoryPlatform } from "../../platform/memory.ts";
import type { Platform, Store } from "../../platform/platform.ts";
import { ConfigError, StorageError, UsageError } from "../../util/errors.ts";
import type { PrepareInput } from "./options.ts";
import { prepare } from "./prepare.ts";

type Contents = Readonly<Record<string, string>>;

async function contentsOf(store: Store, folder: string): Promise<Contents> {
  if ((await store.stat(folder)) === undefined) return {};
  const files = await store.list(folder);
  return Object.fromEntries(
    await Promise.all(files.map(async ({ path }) => [path, sha256(await store.read(`${folder}/${path}`))])),
  );
}

/** A platform that notes which files are read. */
function watched(platform: Platform): { readonly platform: Platform; readonly reads: string[] } {
  const reads: string[] = [];
  const open: Platform["open"] = async (path) => {
    const source = await platform.open(path);
    const read: typeof source.read = (file) => {
      reads.push(file.path);
      return source.read(file);
    };
    return { ...source, read };
  };
  return { reads, platform: { ...platform, open } };
}

const input: PrepareInput = { source: "in", out: "out", segments: 3 };

/** The corpus of other settings that stands there already. */
const older: PrepareInput = { ...input, representation: "notes", split: 0.5 };

describe.each([
  { what: "for the first time", before: undefined },
  { what: "over an older corpus", before: older },
])("a run $what", ({ before }) => {
  const files = { ...randomFiles(9), "in/broken.mid": "no music" };
  const start = async () => {
    const platform = memoryPlatform({ files, sha256 });
    if (before) await prepare(platform, before);
    return platform;
  };

  it("that is killed at any of its changes leaves no half corpus, and is gone on with", async () => {
    const whole = await start();
    const old = await contentsOf(whole.store, "out");
    const counting = mortalStore(whole.store, "killed", -1);
    await prepare({ ...whole, store: counting }, input);
    const expected = await contentsOf(whole.store, "out");
    expect(expected).not.toEqual(old);
    expect(counting.changes).toBeGreaterThan(20);

    let saved = 0;
    for (let change = 1; change <= counting.changes; change++) {
      const platform = await start();
      const store = mortalStore(platform.store, "killed", change);
      await expect(prepare({ ...platform, store }, input)).rejects.toThrow(Killed);
      const left = await contentsOf(platform.store, "out");
      if (Object.keys(left).length > 0) expect([old, expected]).toContainEqual(left);

      const again = watched(platform);
      await prepare(again.platform, input);
      expect(await contentsOf(platform.store, "out")).toEqual(expected);
      expect(await platform.store.stat("out.partial")).toBeUndefined();
      saved += 10 - again.reads.length;
    }
    // From the first line in the journal on, ever fewer files are read again.
    expect(saved).toBeGreaterThan(counting.changes * 4);
  });

  it("that finds the disk full at any of its changes says so and leaves what was there", async () => {
    const platform = await start();
    const old = await contentsOf(platform.store, "out");
    for (let change = 1; ; change++) {
      const store = mortalStore(platform.store, "full", change);
      const run = prepare({ ...platform, store }, input);
      const outcome = await run.catch((error: unknown) => error);
      if (store.changes < change) break;
      expect(outcome).toBeInstanceOf(StorageError);
      expect(outcome).toMatchObject({ message: expect.stringContaining("the disk is full"), exitCode: 1 });
      expect(await contentsOf(platform.store, "out")).toEqual(old);
    }
    expect(await contentsOf(platform.store, "out")).not.toEqual(old);
    await openCorpus(platform.store, "out");
  });
});

describe("a second run", () => {
  const files = randomFiles(6);
  const names = Object.keys(files).map((path) => path.slice("in/".length));
  const prepared = async () => watched((await memoryCorpus(files)).platform);

  it("reads nothing and writes nothing where nothing changed", async () => {
    const { platform, reads } = await prepared();
    expect(await prepare(platform, { source: "in", out: "out" })).toMatchObject({ written: false });
    expect(reads).toEqual([]);
  });

  it("reads the one file that changed", async () => {
    const { platform, reads } = await prepared();
    await platform.store.write(`in/${names[2]}`, midiBytes(randomMusic(77, 30)));
    expect(await prepare(platform, { source: "in", out: "out" })).toMatchObject({ written: true });
    expect(reads).toEqual([names[2]]);
    const { corpus } = await memoryCorpus({ ...files, [`in/${names[2]}`]: midiBytes(randomMusic(77, 30)) });
    expect((await openCorpus(platform.store, "out")).index).toEqual(corpus.index);
  });

  it("reads nothing for another split, fewer files or another seed", async () => {
    const { platform, reads } = await prepared();
    await platform.store.remove(`in/${names[0]}`);
    const { written, report } = await prepare(platform, { source: "in", out: "out", split: 0.5, seed: 3 });
    expect(written).toBe(true);
    expect([report.totals.train?.pieces, report.totals.validation?.pieces]).toEqual([3, 2]);
    expect(reads).toEqual([]);
  });

  it("reads all for other tokens", async () => {
    const { platform, reads } = await prepared();
    await prepare(platform, { source: "in", out: "out", set: ["velocityBins=0"] });
    expect(reads).toEqual([...names].sort());
  });

  it.each(["train-00000.bin", "validation-columns-00000.bin"])(
    "makes %s anew that somebody removed",
    async (name) => {
      const { platform } = await prepared();
      const expected = await contentsOf(platform.store, "out");
      await platform.store.remove(`out/${name}`);
      expect(await prepare(platform, { source: "in", out: "out" })).toMatchObject({ written: true });
      expect(await contentsOf(platform.store, "out")).toEqual(expected);
    },
  );

  it("forgets a cache that was damaged", async () => {
    const { platform, reads } = await prepared();
    const expected = await contentsOf(platform.store, "out");
    await platform.store.write("out/cache.json", new TextEncoder().encode('{"settings":'));
    await prepare(platform, { source: "in", out: "out" });
    expect(reads).toHaveLength(6);
    expect(await contentsOf(platform.store, "out")).toEqual(expected);
  });
});

describe("an unfinished run with other settings", () => {
  it("is begun anew", async () => {
    const platform = memoryPlatform({ files: randomFiles(5), sha256 });
    const store = mortalStore(platform.store, "killed", 6);
    await expect(prepare({ ...platform, store }, older)).rejects.toThrow(Killed);
    const again = watched(platform);
    await prepare(again.platform, input);
    expect(again.reads).toHaveLength(5);
    const { platform: fresh } = await memoryCorpus(randomFiles(5), input);
    expect(await contentsOf(platform.store, "out")).toEqual(await contentsOf(fresh.store, "out"));
  });
});

describe("places", () => {
  const files = {
    ...randomFiles(2),
    "mine/thesis.txt": "x",
    "fine.partial/z": "",
  };
  const refusal = async (options: Partial<PrepareInput>, more = {}) => {
    const platform = memoryPlatform({ files: { ...files, ...more }, sha256 });
    const before = await contentsOf(platform.store, ".");
    const { message } = await refusalOf(prepare(platform, { ...input, ...options }), UsageError);
    expect(await contentsOf(platform.store, ".")).toEqual(before);
    return message;
  };

  it("that hold anything else are left alone", async () => {
    expect(await refusal({ out: "mine" })).toContain("found a folder at mine that is no corpus");
    expect(await refusal({ out: "in/piece-a0.mid" })).toContain("found a file at in/piece-a0.mid");
    expect(await refusal({ out: "fine" })).toContain("found fine.partial, which no run of prepare has left");
    expect(await refusal({ out: "app" }, { "app/index.json": '{"name":"my app"}' })).toContain(
      "that is no corpus",
    );
    for (const out of [".", "..", "a/..", "/"])
      expect(await refusal({ out })).toContain("the name of a folder");
  });

  it("that hold a corpus and something else are left alone as well", async () => {
    const { platform } = await memoryCorpus(files);
    await platform.store.write("out/checkpoints/best", new Uint8Array(1));
    const { message } = await refusalOf(prepare(platform, { ...input, segments: 7 }), UsageError);
    expect(message).toContain("found checkpoints/best in the corpus at out, which would be lost");
  });

  it("may end in slashes, be an empty folder, or hold a corpus of a version to come, or a damaged one", async () => {
    for (const text of ['{"format":"rubato-corpus","version":9}', '{"format":"rubato-corpus"}']) {
      const { platform } = await memoryCorpus({ ...files, "out/index.json": text }, { out: "out//" });
      await openCorpus(platform.store, "out");
    }
    const platform = memoryPlatform({ files: { ...files, "out/x": "" }, sha256 });
    await platform.store.remove("out/x");
    expect(await prepare(platform, input)).toMatchObject({ written: true, out: "out" });
  });
});

describe("options", () => {
  it("are checked at the door, with a sentence", async () => {
    const platform = memoryPlatform({ files: randomFiles(1), sha256 });
    const { message, path } = await refusalOf(prepare(platform, { ...input, split: 2 }), ConfigError);
    expect(message).toContain("prepare, `split`");
    expect(path).toEqual(["split"]);
  });
});
