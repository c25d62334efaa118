import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mountSmallDisk, type SmallDisk } from "../../../test/fixtures/small-disk.ts";
import { StorageError } from "../../util/errors.ts";
import { nodeStore as store } from "./store.ts";

let folder = "";
const at = (path: string) => join(folder, path);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rubato-store-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const paths = async () => (await store.list(folder)).map(({ path }) => path);

describe("a full disk", () => {
  let disk = "";
  let small: SmallDisk;
  beforeEach(async () => {
    disk = at("disk");
    small = await mountSmallDisk(disk, 1024);
  });
  afterEach(() => small.remove());

  const old = Buffer.from("the old file");

  it("refuses a write in one sentence, keeps the old file, and holds no remains", async (context) => {
    if (small.lacking !== undefined) return context.skip(small.lacking);
    const path = join(disk, "model");
    await store.write(path, old);
    const refusal = store.write(path, new Uint8Array(2 ** 21));
    await expect(refusal).rejects.toThrow(StorageError);
    await expect(refusal).rejects.toThrow(
      `Cannot write ${path}: the disk is full; free some space and start again`,
    );
    expect(Buffer.from(await store.read(path))).toEqual(old);
    expect(await readdir(disk)).toEqual(["model"]);
    await store.write(join(disk, "another"), new Uint8Array(2 ** 19)); // the space is free again
  });

  it("ends a writer whose step fails, so that discarding it again does no harm", async (context) => {
    if (small.lacking !== undefined) return context.skip(small.lacking);
    const writer = await store.writer(join(disk, "model"));
    await writer.write(new Uint8Array(2 ** 19));
    await expect(writer.write(new Uint8Array(2 ** 20))).rejects.toThrow("the disk is full");
    expect(await readdir(disk)).toEqual([]);
    await writer.discard();
    await expect(writer.commit()).rejects.toThrow(/^invariant:/);
  });

  it("leaves no half line at the end of a journal", async (context) => {
    if (small.lacking !== undefined) return context.skip(small.lacking);
    const path = join(disk, "journal");
    await store.append(path, Buffer.from("1\n"));
    await expect(store.append(path, new Uint8Array(2 ** 21))).rejects.toThrow("the disk is full");
    await store.append(path, Buffer.from("2\n"));
    expect(Buffer.from(await store.read(path)).toString()).toBe("1\n2\n");
  });
});

describe("writing", () => {
  it("leaves no temporary behind when the name is taken by a folder", async () => {
    await mkdir(at("taken"));
    await expect(store.write(at("taken"), new Uint8Array(1))).rejects.toThrow("it is a folder");
    expect(await readdir(folder)).toEqual(["taken"]);
  });

  it("writes beside the file, under a name that also fits for the longest names", async () => {
    const name = "n".repeat(255);
    const writer = await store.writer(at(name));
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^\.n{40}\.[0-9a-f]{12}\.tmp$/)]);
    await writer.commit();
    expect(await paths()).toEqual([name]);
    await expect(store.write(at(`${name}n`), new Uint8Array())).rejects.toThrow("the name is too long");
    await expect(store.write(at("a\0b"), new Uint8Array())).rejects.toThrow("no path may hold");
    expect(await paths()).toEqual([name]);
  });
});

describe("listing", () => {
  it("follows links, but not in a circle", async () => {
    await store.write(at("elsewhere/x/1"), Buffer.from("1"));
    await store.write(at("in/2"), Buffer.from("22"));
    await symlink(at("elsewhere"), at("in/linked"));
    await symlink(at("in/2"), at("in/2-linked"));
    await symlink(at("in"), at("in/self")); // the folder itself
    await symlink(folder, at("in/up")); // above the folder
    await symlink(at("in"), at("elsewhere/x/back")); // round by way of another link
    await symlink("loop", at("in/loop")); // a link that is its own target
    const found = await store.list(at("in"));
    expect(found.map(({ path, size }) => `${path} ${size}`)).toEqual(["2 2", "2-linked 2", "linked/x/1 1"]);
  });

  it("lists a broken link, which says what is wrong when it is read", async () => {
    await symlink(at("gone"), at("broken"));
    expect(await paths()).toEqual(["broken"]);
    await expect(store.read(at("broken"))).rejects.toThrow(
      `Cannot read ${at("broken")}: there is no such file`,
    );
  });

  it("names a folder that may not be read", async (context) => {
    if (process.getuid?.() !== 0 || !process.seteuid)
      return context.skip("skipped: needs root, to become nobody");
    await store.write(at("locked/1"), new Uint8Array());
    await chmod(folder, 0o755);
    await chmod(at("locked"), 0o700);
    process.seteuid(65534);
    try {
      const refusal = store.list(folder);
      await expect(refusal).rejects.toThrow(StorageError);
      await expect(refusal).rejects.toThrow(`Cannot list ${at("locked")}: permission is denied`);
      await expect(store.write(at("new"), new Uint8Array())).rejects.toThrow(
        `Cannot write ${at("new")}: permission is denied; change the permissions, or choose another place`,
      );
    } finally {
      process.seteuid(0);
    }
  });

  it("does not pass over a name that is not UTF-8", async (context) => {
    if (process.platform !== "linux") return context.skip("skipped: only Linux has such names");
    await writeFile(
      Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from(".mid")]),
      "x",
    );
    expect(await paths()).toEqual(["caf\uFFFD.mid"]);
    await expect(store.read(at("caf\uFFFD.mid"))).rejects.toThrow("its name is not written in UTF-8");
    await rm(folder, { recursive: true });
    await store.write(at("caf\uFFFD.mid"), new Uint8Array());
    expect(await paths()).toEqual(["caf\uFFFD.mid"]);
  });

  it("leaves out what is not a file", async (context) => {
    if (process.platform === "win32") return context.skip("skipped: Windows has no named pipes in folders");
    execFileSync("mkfifo", [at("pipe")]);
    await store.write(at("file"), new Uint8Array());
    expect(await paths()).toEqual(["file"]);
  });

  it("lists thousands of files in a moment", async () => {
    for (let year = 0; year < 10; year++) {
      await mkdir(at(`${year}`));
      await Promise.all(
        Array.from({ length: 200 }, (_, index) => writeFile(at(`${year}/${index}.mid`), "MThd")),
      );
    }
    const start = performance.now();
    expect(await store.list(folder)).toHaveLength(2000);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
