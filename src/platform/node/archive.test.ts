import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { craftZip, type ZipEntry } from "../../../test/fixtures/craft-zip.ts";
import { refusalOf } from "../../../test/fixtures/refusal.ts";
import { openArchive } from "./archive.ts";
import { ArchiveError } from "./archive-error.ts";
import { nodePlatform } from "./index.ts";
import { nodeStore } from "./store.ts";
import { type UnpackOptions, unpack } from "./unpack.ts";

let folder = "";
let archive = "";
let target = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rubato-archive-"));
  archive = join(folder, "corpus.zip");
  target = join(folder, "unpacked");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (read: Uint8Array) => new TextDecoder().decode(read);
const craft = (...entries: ZipEntry[]) => writeFile(archive, craftZip(entries));
const unpackWith = (options: Partial<UnpackOptions> = {}) =>
  unpack(archive, target, { report: () => undefined, ...options });

async function refused(work: Promise<unknown>): Promise<string> {
  const error = await refusalOf(work, ArchiveError);
  expect(error.message).toContain(archive);
  return error.message;
}

describe("an archive", () => {
  it("is read in place, in any order, by many at once", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `${index % 4}/${index}.mid`);
    const packed = Object.fromEntries(names.map((name) => [name, bytes(name.repeat(300))]));
    await writeFile(
      archive,
      zipSync({ ...packed, "empty.mid": new Uint8Array(), "folder/": new Uint8Array() }),
    );
    const source = await nodePlatform().open(archive);
    expect(source.files.map(({ path }) => path)).toEqual([...names, "empty.mid"].sort());
    const all = await Promise.all([...source.files].reverse().map((file) => source.read(file)));
    const expected = [...source.files].reverse().map(({ path }) => packed[path] ?? new Uint8Array());
    expect(all).toEqual(expected);
    expect(source.files[0]?.size).toBe(all.at(-1)?.length);
    await source.close();
    expect(await readdir(folder)).toEqual(["corpus.zip"]);
  });

  it("stamps entries by their contents", async () => {
    await writeFile(archive, zipSync({ "a.mid": bytes("123456789"), "b.mid": bytes("12345678!") }));
    const source = await openArchive(archive);
    expect(source.files.map(({ stamp }) => stamp)).toEqual(["cbf43926-9", expect.stringMatching(/^.{8}-9$/)]);
    expect(source.files[1]?.stamp).not.toBe("cbf43926-9");
    await source.close();
  });

  it("may be in zip64, packed or stored, empty, or have names that begin with ./", async () => {
    await craft(
      { name: "./a//b.mid", data: "stored", zip64: true },
      { name: "c.mid", data: "packed", deflate: true },
      { name: "./" },
    );
    const source = await openArchive(archive);
    expect(source.files.map(({ path, size }) => `${path} ${size}`)).toEqual(["a/b.mid 6", "c.mid 6"]);
    expect(await Promise.all(source.files.map(async (file) => text(await source.read(file))))).toEqual([
      "stored",
      "packed",
    ]);
    await expect(source.read({ path: "d.mid", size: 0, stamp: "" })).rejects.toThrow('entry "d.mid"');
    await source.close();
    await craft();
    const empty = await nodePlatform().open(archive);
    expect(empty.files).toEqual([]);
    await empty.close();
  });

  it("is told from other files by how it begins", async () => {
    await writeFile(archive, "Rar!");
    await expect(nodePlatform().open(archive)).rejects.toThrow("neither a folder nor a zip archive");
    await craft({ name: "a.mid", data: "x".repeat(2000) });
    await truncate(archive, 1500);
    expect(await refused(nodePlatform().open(archive))).toContain("cut off");
    await expect(openArchive(join(folder, "gone.zip"))).rejects.toThrow("there is no such file");
  });

  it("is unpacked below the folder, whole files only", async () => {
    const report: string[] = [];
    await writeFile(
      archive,
      zipSync({ "a/1.mid": bytes("1".repeat(200_000)), "2.mid": bytes("22"), e: bytes("") }),
    );
    const platform = nodePlatform({
      report: ({ stage, done, total }) => report.push(`${stage} ${done}/${total}`),
    });
    await platform.unpack(archive, target);
    await platform.unpack(archive, target); // again, over what is there
    const files = await nodeStore.list(target);
    expect(files.map(({ path, size }) => `${path} ${size}`)).toEqual(["2.mid 2", "a/1.mid 200000", "e 0"]);
    expect(report.slice(0, 3)).toEqual(["unpack 1/3", "unpack 2/3", "unpack 3/3"]);
  });
});

describe("a damaged archive", () => {
  it("is refused for a wrong checksum", async () => {
    await craft({ name: "good.mid", data: "1" }, { name: "bad.mid", data: "123456789", crc: 0xdeadbeef });
    const source = await openArchive(archive);
    const bad = source.files.find(({ path }) => path === "bad.mid");
    if (!bad) throw new Error("it was packed");
    expect(await refused(source.read(bad))).toContain("its CRC-32 is cbf43926, expected deadbeef");
    await source.close();
    expect(await refused(unpackWith())).toContain('entry "bad.mid"');
    expect((await nodeStore.list(target)).map(({ path }) => path)).toEqual(["good.mid"]);
  });

  it("is refused for packed data that make no sense, or stop short", async () => {
    await craft({ name: "a.mid", packed: new Uint8Array([0xff, 0xff, 0xff]), size: 9 });
    expect(await refused(unpackWith())).toContain("cut off or damaged");
    await craft({ name: "a.mid", data: "123456789".repeat(99), deflate: true, packedSize: 5 });
    expect(await refused(unpackWith())).toContain("cut off or damaged");
  });

  it("is refused wherever it is cut off, or begun", async () => {
    await writeFile(archive, zipSync({ "a.mid": bytes("abc"), "b.mid": bytes("abcdef".repeat(30)) }));
    const whole = await readFile(archive);
    for (let length = 0; length < whole.length; length += 7) {
      await writeFile(archive, whole.subarray(0, length));
      await refused(unpackWith());
      await writeFile(archive, whole.subarray(whole.length - length));
      await refused(unpackWith());
    }
    expect(await readdir(folder)).not.toContain("a.mid");
    await writeFile(archive, whole);
    await appendFile(archive, "more");
    await refused(unpackWith());
  });

  it("says that encrypted entries, and other methods, are not for us", async () => {
    await craft(
      { name: "good.mid", data: "MThd" },
      { name: "secret.mid", data: "123456789012", flags: 1, size: 0 },
    );
    const source = await openArchive(archive);
    const [good, secret] = source.files;
    if (!good || !secret) throw new Error("two files were packed");
    expect(text(await source.read(good))).toBe("MThd");
    expect(await refused(source.read(secret))).toContain('entry "secret.mid": it is encrypted; unpack it');
    await source.close();
    expect(await refused(unpackWith())).toContain("it is encrypted");
    await craft({ name: "a.mid", packed: new Uint8Array(9), size: 20, method: 14 });
    expect(await refused(unpackWith())).toContain("packed by method 14, expected 0 (stored) or 8 (deflated)");
    expect(await readdir(folder)).toEqual(["corpus.zip"]);
  });

  it("is refused or read, and nothing else, whichever bytes are changed", async () => {
    const whole = craftZip([
      { name: "a.mid", data: "hello".repeat(40), deflate: true, zip64: true },
      { name: "b/c.mid", data: "stored" },
    ]);
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(changes, async (changed) => {
      const damaged = Buffer.from(whole);
      for (const [position, byte] of changed) damaged[position] = byte;
      await writeFile(archive, damaged);
      const work = openArchive(archive).then(async (source) => {
        for (const file of source.files) {
          const read = await source.read(file).catch((error: unknown) => error);
          expect(read instanceof ArchiveError || read instanceof Uint8Array).toBe(true);
        }
        await source.close();
      });
      const problem = await work.catch((error: unknown) => error);
      if (problem !== undefined) expect(problem).toBeInstanceOf(ArchiveError);
    });
    await fc.assert(property, { numRuns: 300, seed: 1 });
  });
});
