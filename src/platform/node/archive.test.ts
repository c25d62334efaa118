import {
  appendFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { craftZip, type ZipEntry } from "../../../test/fixtures/craft-zip.ts";
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

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ArchiveError);
  const { message } = error instanceof ArchiveError ? error : { message: "" };
  expect(message).toContain(archive);
  return message;
}

/** What opening and unpacking say, which is the same; and nothing was written. */
async function refusedByBoth(): Promise<string> {
  const [opened, unpacked] = [await refusalOf(openArchive(archive)), await refusalOf(unpackWith())];
  expect(unpacked).toBe(opened);
  expect(await readdir(folder)).toEqual(["corpus.zip"]);
  return opened;
}

describe("an archive", () => {
  it("is read in place, in any order, by many at once", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `${index % 4}/${index}.mid`);
    const packed = Object.fromEntries(names.map((name) => [name, bytes(name.repeat(3000))]));
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
    expect((await nodePlatform().open(archive)).files).toEqual([]);
  });

  it("is told from other files by how it begins", async () => {
    await writeFile(archive, "Rar!");
    await expect(nodePlatform().open(archive)).rejects.toThrow("neither a folder nor a zip archive");
    await craft({ name: "a.mid", data: "x".repeat(2000) });
    await truncate(archive, 1500);
    expect(await refusalOf(nodePlatform().open(archive))).toContain("cut off");
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

describe("an archive not to be trusted", () => {
  it.each([
    ["../evil", "climbs out"],
    ["a/../../evil", "climbs out"],
    ["a/..", "climbs out"],
    ["/etc/evil", "absolute"],
    ["C:/evil", "absolute"],
    ["c:evil", "absolute"],
    ["..\\evil", "backslash"],
    ["a\\b.mid", "backslash"],
    ["\\\\server\\evil", "backslash"],
    ["evil\0.mid", "zero byte"],
    ["../", "climbs out"],
    ["./", undefined],
    ["", "no name"],
  ])("is refused for the name %j", async (name, reason) => {
    await craft({ name: "good.mid", data: "MThd" }, { name, data: "evil" });
    if (reason === undefined) await (await openArchive(archive)).close();
    else expect(await refusedByBoth()).toContain(reason);
  });

  it("is refused for a name hidden in a Unicode field", async () => {
    await craft({ name: "good.mid", unicodeName: "../../evil", data: "evil" });
    expect(await refusedByBoth()).toContain('entry "../../evil": its name climbs out of the archive');
  });

  it("is refused for links and devices", async () => {
    await craft({ name: "good.mid", data: "MThd" }, { name: "link", data: "/etc", mode: 0o120777 });
    expect(await refusedByBoth()).toContain("it is a link or a device");
    await craft({ name: "pipe", data: "", mode: 0o010644 });
    expect(await refusedByBoth()).toContain("it is a link or a device");
    await craft(
      { name: "good.mid", data: "MThd", mode: 0o100644 },
      { name: "also-good.mid", data: "", mode: 0o644 },
    );
    await unpackWith();
  });

  it("is refused for two files of one name", async () => {
    await craft({ name: "a/b.mid", data: "1" }, { name: "a//b.mid", data: "2" });
    expect(await refusedByBoth()).toContain("there twice");
  });

  it("is refused for what lies beyond its end", async () => {
    await craft({ name: "a.mid", data: "1", zip64: true, offset: 2 ** 60 });
    expect(await refusedByBoth()).toContain("beyond the end");
    await craft({ name: "a.mid", data: "1", packedSize: 99_999 });
    await refusedByBoth();
  });

  it("cannot send files through a link that lies in the folder", async () => {
    await mkdir(join(folder, "outside"));
    await mkdir(target);
    await symlink(join(folder, "outside"), join(target, "sub"));
    await craft({ name: "good.mid", data: "1" }, { name: "sub/deeper/a.mid", data: "evil" });
    expect(await refusalOf(unpackWith())).toContain("a link that leads elsewhere");
    expect(await readdir(join(folder, "outside"))).toEqual([]);
    expect(await readdir(target)).toEqual(["sub"]);
    // A link in the place of the file itself is replaced, and not followed.
    await symlink(join(folder, "outside", "victim"), join(target, "good.mid"));
    await craft({ name: "good.mid", data: "1" });
    await unpackWith();
    expect((await lstat(join(target, "good.mid"))).isFile()).toBe(true);
    expect(await readdir(join(folder, "outside"))).toEqual([]);
  });
});

describe("a bomb", () => {
  const zeros = (mebibytes: number) => new Uint8Array(mebibytes * 2 ** 20);

  it("is not read beyond 64 MiB, as it declares", async () => {
    await writeFile(archive, zipSync({ "bomb.mid": zeros(65), "good.mid": bytes("MThd") }, { level: 1 }));
    const source = await openArchive(archive);
    const [bomb, good] = source.files;
    if (!bomb || !good) throw new Error("two files were packed");
    expect(await refusalOf(source.read(bomb))).toContain(
      "it unfolds to 68157440 bytes, expected at most 67108864",
    );
    expect(text(await source.read(good))).toBe("MThd");
    await source.close();
  });

  it("is found out when it declares less than it holds, or more", async () => {
    await craft({ name: "less.mid", data: zeros(8), deflate: true, size: 100 });
    const source = await openArchive(archive);
    for (const file of source.files) {
      expect(await refusalOf(source.read(file))).toContain("says that it holds 100 bytes, and holds more");
    }
    await source.close();
    expect(await refusalOf(unpackWith())).toContain("holds more");
    expect(await nodeStore.list(target)).toEqual([]); // no half file
    await craft({ name: "more.mid", data: "12345", deflate: true, size: 100 });
    expect(await refusalOf(unpackWith())).toContain("says that it holds 100 bytes, and holds 5 bytes");
  });

  it("is not unpacked when a file, all of them, their number or the ratio is too large", async () => {
    await writeFile(archive, zipSync({ a: bytes("aaa"), b: bytes("bbbb") }));
    expect(await refusalOf(unpackWith({ single: 3 }))).toContain(
      'entry "b": it unfolds to 4 bytes, expected at most 3',
    );
    expect(await refusalOf(unpackWith({ total: 6 }))).toContain("it unfolds to 7 bytes, expected at most 6");
    expect(await refusalOf(unpackWith({ count: 1 }))).toContain("it holds 2 files, expected at most 1");
    await writeFile(archive, zipSync({ zeros: zeros(65) }, { level: 1 }));
    expect(await refusalOf(unpackWith())).toMatch(/unfolds to \d{3} times its size, expected at most 100/);
    expect(await readdir(folder)).toEqual(["corpus.zip"]);
  });
});

describe("a damaged archive", () => {
  it("is refused for a wrong checksum", async () => {
    await craft({ name: "good.mid", data: "1" }, { name: "bad.mid", data: "123456789", crc: 0xdeadbeef });
    const source = await openArchive(archive);
    const bad = source.files.find(({ path }) => path === "bad.mid");
    if (!bad) throw new Error("it was packed");
    expect(await refusalOf(source.read(bad))).toContain("its CRC-32 is cbf43926, expected deadbeef");
    await source.close();
    expect(await refusalOf(unpackWith())).toContain('entry "bad.mid"');
    expect((await nodeStore.list(target)).map(({ path }) => path)).toEqual(["good.mid"]);
  });

  it("is refused for packed data that make no sense, or stop short", async () => {
    await craft({ name: "a.mid", packed: new Uint8Array([0xff, 0xff, 0xff]), size: 9 });
    expect(await refusalOf(unpackWith())).toContain("cut off or damaged");
    await craft({ name: "a.mid", data: "123456789".repeat(99), deflate: true, packedSize: 5 });
    expect(await refusalOf(unpackWith())).toContain("cut off or damaged");
  });

  it("is refused wherever it is cut off, or begun", async () => {
    await writeFile(archive, zipSync({ "a.mid": bytes("abc"), "b.mid": bytes("abcdef".repeat(30)) }));
    const whole = await readFile(archive);
    for (let length = 0; length < whole.length; length += 7) {
      await writeFile(archive, whole.subarray(0, length));
      await refusalOf(unpackWith());
      await writeFile(archive, whole.subarray(whole.length - length));
      await refusalOf(unpackWith());
    }
    expect(await readdir(folder)).not.toContain("a.mid");
    await writeFile(archive, whole);
    await appendFile(archive, "more");
    await refusalOf(unpackWith());
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
    expect(await refusalOf(source.read(secret))).toContain('entry "secret.mid": it is encrypted; unpack it');
    await source.close();
    expect(await refusalOf(unpackWith())).toContain("it is encrypted");
    await craft({ name: "a.mid", packed: new Uint8Array(9), size: 20, method: 14 });
    expect(await refusalOf(unpackWith())).toContain(
      "packed by method 14, expected 0 (stored) or 8 (deflated)",
    );
    expect(await readdir(folder)).toEqual(["corpus.zip"]);
  });
});
