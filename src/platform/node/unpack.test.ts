import { lstat, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { craftZip, type ZipEntry } from "../../../test/fixtures/craft-zip.ts";
import { refusalOf } from "../../../test/fixtures/refusal.ts";
import { openArchive } from "./archive.ts";
import { ArchiveError } from "./archive-error.ts";
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

/** What opening and unpacking say, which is the same; and nothing was written. */
async function refusedByBoth(): Promise<string> {
  const [opened, unpacked] = [await refused(openArchive(archive)), await refused(unpackWith())];
  expect(unpacked).toBe(opened);
  expect(await readdir(folder)).toEqual(["corpus.zip"]);
  return opened;
}

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
    ["", "no name"],
  ])("is refused for the name %j", async (name, reason) => {
    await craft({ name: "good.mid", data: "MThd" }, { name, data: "evil" });
    expect(await refusedByBoth()).toContain(reason);
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
    expect(await refused(unpackWith())).toContain("a link that leads elsewhere");
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
    expect(await refused(source.read(bomb))).toContain(
      "it unfolds to 68157440 bytes, expected at most 67108864",
    );
    expect(text(await source.read(good))).toBe("MThd");
    await source.close();
  });

  it("is found out when it declares less than it holds, or more", async () => {
    await craft({ name: "less.mid", data: zeros(8), deflate: true, size: 100 });
    const source = await openArchive(archive);
    for (const file of source.files) {
      expect(await refused(source.read(file))).toContain("says that it holds 100 bytes, and holds more");
    }
    await source.close();
    expect(await refused(unpackWith())).toContain("holds more");
    expect(await nodeStore.list(target)).toEqual([]); // no half file
    await craft({ name: "more.mid", data: "12345", deflate: true, size: 100 });
    expect(await refused(unpackWith())).toContain("says that it holds 100 bytes, and holds 5 bytes");
  });

  it("is not unpacked when a file, all of them, their number or the ratio is too large", async () => {
    await writeFile(archive, zipSync({ a: bytes("aaa"), b: bytes("bbbb") }));
    expect(await refused(unpackWith({ single: 3 }))).toContain(
      'entry "b": it unfolds to 4 bytes, expected at most 3',
    );
    expect(await refused(unpackWith({ total: 6 }))).toContain("it unfolds to 7 bytes, expected at most 6");
    expect(await refused(unpackWith({ count: 1 }))).toContain("it holds 2 files, expected at most 1");
    await writeFile(archive, zipSync({ zeros: zeros(65) }, { level: 1 }));
    expect(await refused(unpackWith())).toMatch(/unfolds to 1023 times its size, expected at most 100/);
    expect(await readdir(folder)).toEqual(["corpus.zip"]);
  });
});
