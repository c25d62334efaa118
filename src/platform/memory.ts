/** @file A platform that touches nothing: files in a Map, tasks in this thread, progress in an array. For tests. */
import { createInterpreter } from "../runtime/interpreter.ts";
import { UsageError } from "../util/errors.ts";
import { isMidiName, openFile, openFolder } from "./folder.ts";
import { inlinePool } from "./inline-pool.ts";
import { type MemoryFiles, memoryStore } from "./memory-store.ts";
import type { Platform, Progress } from "./platform.ts";
import { storageError } from "./storage-error.ts";

export interface MemoryPlatform extends Platform {
  /** Everything reported so far. */
  readonly events: readonly Progress[];
}

export interface MemoryOptions {
  /** What the store holds at first: bytes, or text, by path. */
  readonly files?: MemoryFiles;
  /** The language has no SHA-256 of its own; whoever needs checksums brings one along. */
  readonly sha256?: (bytes: Uint8Array) => string;
  /** Files of installed packages, which only a real platform finds. */
  readonly readPackageFile?: (path: string) => Promise<Uint8Array>;
}

function lacking(what: string): never {
  throw new UsageError(`The memory platform has no ${what}; hand the workflow the platform of rubato/node`);
}

export function memoryPlatform({
  files = {},
  sha256 = () => lacking("SHA-256 unless memoryPlatform({ sha256 }) is given one"),
  readPackageFile = async (path) => lacking(`file ${path} of a package`),
}: MemoryOptions = {}): MemoryPlatform {
  const store = memoryStore(files);
  const events: Progress[] = [];
  return {
    store,
    runtime: createInterpreter(),
    release: { version: "0.0.0", commit: undefined },
    bundled: "models",
    machine: "a platform in memory",
    // It stands still: what is measured on this platform takes no time.
    now: () => 0,
    wallTime: () => 0,
    cores: 1,
    events,
    readPackageFile,
    async open(path) {
      const found = await store.stat(path);
      if (!found) throw storageError("read", path, "ENOENT");
      if (found.kind === "folder") return openFolder(store, path);
      return isMidiName(path) ? openFile(store, path) : lacking("archives");
    },
    pool: (task) => inlinePool(task),
    sha256,
    download: async () => lacking("network"),
    unpack: async () => lacking("archives"),
    report: (event) => {
      events.push(event);
    },
  };
}
