import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { platformLaws } from "../../test/suites/platform.ts";
import { UsageError } from "../util/errors.ts";
import { memoryPlatform } from "./memory.ts";
import { nodePlatform } from "./node/index.ts";

platformLaws("Node", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rubato-platform-"));
  return { platform: nodePlatform(), folder, dispose: () => rm(folder, { recursive: true }) };
});

platformLaws("memory", async () => {
  const platform = memoryPlatform();
  await platform.store.write("/work/folder/first", new Uint8Array());
  await platform.store.remove("/work/folder/first");
  return { platform, folder: "/work/folder", dispose: async () => undefined };
});

describe("the memory platform", () => {
  it("holds the files it is given, and knows paths by many names", async () => {
    const { store } = memoryPlatform({ files: { "corpus/a.mid": new Uint8Array([1]), "/etc/b": "text" } });
    expect((await store.list(".")).map(({ path }) => path)).toEqual(["corpus/a.mid"]);
    expect((await store.list("/")).map(({ path }) => path)).toEqual(["etc/b"]);
    expect(await store.read("./corpus//x/../a.mid")).toEqual(new Uint8Array([1]));
  });

  it("collects what is reported", () => {
    const platform = memoryPlatform();
    platform.report({ stage: "read", done: 1, total: 2, unit: "files" });
    expect(platform.events).toEqual([{ stage: "read", done: 1, total: 2, unit: "files" }]);
  });

  it("says what it does not have", async () => {
    const platform = memoryPlatform({ files: { "a.zip": "PK" } });
    const request = { url: "https://example.org/a", sha256: "", to: "a" };
    await expect(platform.download(request)).rejects.toThrow(UsageError);
    await expect(platform.unpack("a.zip", "b")).rejects.toThrow(UsageError);
    await expect(platform.open("a.zip")).rejects.toThrow("The memory platform has no archives");
    expect(() => platform.sha256(new Uint8Array())).toThrow("has no SHA-256");
    expect(memoryPlatform({ sha256: (bytes) => `${bytes.length}` }).sha256(new Uint8Array(3))).toBe("3");
  });
});
