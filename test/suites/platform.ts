/** @file The laws of a platform: what was written is read back, and what is missing is named. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Platform } from "../../src/platform/platform.ts";
import { StorageError, UsageError } from "../../src/util/errors.ts";
import { refusalOf } from "../fixtures/refusal.ts";

export interface PlatformUnderTest {
  readonly platform: Platform;
  /** A folder that is there, and empty. */
  readonly folder: string;
  dispose(): Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (read: Uint8Array): string => new TextDecoder().decode(read);

async function refused(work: Promise<unknown>, path: string): Promise<string> {
  const error = await refusalOf(work, StorageError);
  expect(error.path).toBe(path);
  expect(error.message).toContain(path);
  return error.message;
}

export function platformLaws(name: string, make: () => Promise<PlatformUnderTest>): void {
  describe(`the laws of a platform: ${name}`, () => {
    let made: PlatformUnderTest;
    let at: (path: string) => string;
    let platform: Platform;

    beforeEach(async () => {
      made = await make();
      platform = made.platform;
      at = (path) => `${made.folder}/${path}`;
    });
    afterEach(() => made.dispose());

    const pathsBelow = async (folder: string) =>
      (await platform.store.list(folder)).map(({ path, size }) => `${path} ${size}`);

    it("reads back what was written, the parent folders being made", async () => {
      const { store } = platform;
      await store.write(at("a/b/c.txt"), bytes("hello"));
      expect(text(await store.read(at("a/b/c.txt")))).toBe("hello");
      await store.write(at("a/b/c.txt"), bytes("bye"));
      expect(text(await store.read(at("a/b/c.txt")))).toBe("bye");
      await store.write(at("empty"), new Uint8Array());
      expect(await store.read(at("empty"))).toEqual(new Uint8Array());
      expect(await store.stat(at("a/b/c.txt"))).toMatchObject({ kind: "file", size: 3 });
      expect(await store.stat(at("a/b"))).toMatchObject({ kind: "folder" });
    });

    it("keeps a copy of its own, and hands out copies", async () => {
      const { store } = platform;
      const mine = bytes("abc");
      await store.write(at("f"), mine);
      mine[0] = 0;
      const read = await store.read(at("f"));
      read[1] = 0;
      read.slice(2)[0] = 0;
      expect(text(await store.read(at("f")))).toBe("abc");
      expect(read).toEqual(new Uint8Array([97, 0, 99]));
      expect(read.buffer.byteLength).toBe(3);
    });

    it("reads a range, which ends where the file does", async () => {
      const { store } = platform;
      await store.write(at("f"), bytes("0123456789"));
      const range = async (offset: number, length: number) =>
        text(await store.read(at("f"), { offset, length }));
      expect(await range(0, 3)).toBe("012");
      expect(await range(4, 2)).toBe("45");
      expect(await range(8, 1e12)).toBe("89");
      expect(await range(10, 1)).toBe("");
      expect(await range(99, 1)).toBe("");
      expect(await range(5, 0)).toBe("");
    });

    it("names what is missing", async () => {
      const { store } = platform;
      expect(await store.stat(at("nothing"))).toBeUndefined();
      await store.write(at("file"), bytes("x"));
      expect(await store.stat(at("file/below"))).toBeUndefined();
      expect(await refused(store.read(at("nothing")), at("nothing"))).toContain("no such file");
      expect(await refused(store.read(at("nothing"), { offset: 0, length: 1 }), at("nothing"))).toContain(
        "no such",
      );
      expect(await refused(store.list(at("nothing")), at("nothing"))).toContain("no such");
      expect(await refused(store.rename(at("nothing"), at("x")), at("nothing"))).toContain("no such");
      expect(await refused(platform.open(at("nothing")), at("nothing"))).toContain("no such");
    });

    it("does not take a file for a folder, nor a folder for a file", async () => {
      const { store } = platform;
      await store.write(at("file"), bytes("x"));
      await store.write(at("folder/inner"), bytes("y"));
      expect(await refused(store.read(at("folder")), at("folder"))).toContain("it is a folder");
      expect(await refused(store.write(at("folder"), bytes("z")), at("folder"))).toContain("it is a folder");
      expect(await refused(store.append(at("folder"), bytes("z")), at("folder"))).toContain("it is a folder");
      expect(await refused(store.list(at("file")), at("file"))).toContain("a file stands where");
      for (const below of ["file/below", "file/further/below"]) {
        expect(await refused(store.write(at(below), bytes("z")), at(below))).toContain("a file stands where");
        expect(await refused(store.read(at(below)), at(below))).toContain("a file stands where");
      }
      expect(await pathsBelow(made.folder)).toEqual(["file 1", "folder/inner 1"]);
    });

    it("lists files by code unit, however they were written", async () => {
      const { store } = platform;
      const paths = ["b/1", "b.x", "B", "a/z/deep", "a/é", "a/z.mid", "a-", "10", "9", "\u{1f3b9}", "\ufb00"];
      for (const path of paths) await store.write(at(path), bytes(path));
      const listed = (await store.list(made.folder)).map(({ path }) => path);
      expect(listed).toEqual([...paths].sort());
      await store.write(at("empty/file"), bytes(""));
      await store.remove(at("empty/file"));
      expect(await store.list(at("empty"))).toEqual([]);
    });

    it("stamps a file anew when its contents change", async () => {
      const { store } = platform;
      const stamp = async () => (await store.list(made.folder))[0]?.stamp;
      await store.write(at("f"), bytes("1"));
      const first = await stamp();
      expect(await stamp()).toBe(first);
      // A disk's clock may tick as slowly as a hundred times a second.
      await new Promise((resolve) => setTimeout(resolve, 20));
      await store.write(at("f"), bytes("2"));
      expect(await stamp()).not.toBe(first);
    });

    it("leaves the old file until a writer commits, and nothing when it discards", async () => {
      const { store } = platform;
      await store.write(at("f"), bytes("old"));
      const kept = await store.writer(at("f"));
      await kept.write(bytes("ne"));
      await kept.write(bytes("w"));
      expect(text(await store.read(at("f")))).toBe("old");
      await kept.commit();
      expect(text(await store.read(at("f")))).toBe("new");

      const dropped = await store.writer(at("f"));
      await dropped.write(bytes("newer"));
      await dropped.discard();
      const never = await store.writer(at("g"));
      await never.discard();
      expect(await pathsBelow(made.folder)).toEqual(["f 3"]);
      expect(text(await store.read(at("f")))).toBe("new");
    });

    it("takes a use of a writer after its end for a mistake, and discarding twice for none", async () => {
      const writer = await platform.store.writer(at("f"));
      await writer.commit();
      await expect(writer.write(bytes("x"))).rejects.toThrow(/^invariant:/);
      await expect(writer.commit()).rejects.toThrow(/^invariant:/);
      await writer.discard();
      expect(await pathsBelow(made.folder)).toEqual(["f 0"]);
    });

    it("appends, to a new file as well", async () => {
      const { store } = platform;
      await store.append(at("logs/journal"), bytes("1\n"));
      await store.append(at("logs/journal"), bytes("2\n"));
      expect(text(await store.read(at("logs/journal")))).toBe("1\n2\n");
    });

    it("renames files and folders", async () => {
      const { store } = platform;
      await store.write(at("a/one"), bytes("1"));
      await store.write(at("a/b/two"), bytes("22"));
      await store.write(at("full/three"), bytes("333"));
      await store.rename(at("a"), at("new/a"));
      expect(await pathsBelow(made.folder)).toEqual(["full/three 3", "new/a/b/two 2", "new/a/one 1"]);
      expect(await store.stat(at("a"))).toBeUndefined();
      await store.rename(at("new/a/one"), at("full/three"));
      expect(await pathsBelow(made.folder)).toEqual(["full/three 1", "new/a/b/two 2"]);
      await refused(store.rename(at("new"), at("full")), at("full"));
      await refused(store.rename(at("full/three"), at("new")), at("new"));
      expect(await pathsBelow(made.folder)).toEqual(["full/three 1", "new/a/b/two 2"]);
    });

    it("removes a file, a folder with all it holds, and nothing where there is nothing", async () => {
      const { store } = platform;
      for (const path of ["a/1", "a/b/2", "ab", "c"]) await store.write(at(path), bytes(path));
      await store.remove(at("c"));
      await store.remove(at("a"));
      await store.remove(at("nothing/at/all"));
      expect(await pathsBelow(made.folder)).toEqual(["ab 2"]);
      expect(await store.stat(at("a"))).toBeUndefined();
    });

    it("opens a folder", async () => {
      await platform.store.write(at("x/1.mid"), bytes("one"));
      await platform.store.write(at("x/y/2.mid"), bytes("two"));
      for (const path of [at("x"), at("x/")]) {
        const source = await platform.open(path);
        const read = await Promise.all(source.files.map(async (file) => text(await source.read(file))));
        expect(source.files.map((file) => file.path)).toEqual(["1.mid", "y/2.mid"]);
        expect(read).toEqual(["one", "two"]);
        await source.close();
      }
    });

    it("opens a single MIDI file, and no other", async () => {
      await platform.store.write(at("x/one.mid"), bytes("MThd"));
      await platform.store.write(at("x/one.txt"), bytes("text"));
      const source = await platform.open(at("x/one.mid"));
      expect(source.files.map((file) => file.path)).toEqual(["one.mid"]);
      expect(text(await source.read(source.files[0]))).toBe("MThd");
      await source.close();
      await expect(platform.open(at("x/one.txt"))).rejects.toThrow(UsageError);
    });

    it("runs tasks, and passes on what they throw", async () => {
      const run = (input: number) => {
        if (input < 0) throw new UsageError("found a negative number");
        return input * input;
      };
      const pool = platform.pool({ url: import.meta.url, run }, 1);
      expect(await Promise.all([1, 2, 3].map((input) => pool.run(input)))).toEqual([1, 4, 9]);
      await expect(pool.run(-1)).rejects.toThrow(UsageError);
      await pool.close();
    });
  });
}
