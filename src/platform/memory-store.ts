/** @file A store in a Map, which behaves as a disk does: it has folders, and refuses what a disk refuses. */
import { concatenate } from "../util/bytes.ts";
import { invariant } from "../util/errors.ts";
import type { FileStat, FileWriter, FoundFile, Store } from "./platform.ts";
import { type StorageAct, storageError } from "./storage-error.ts";

export type MemoryFiles = Readonly<Record<string, Uint8Array | string>>;

interface MemoryFile {
  readonly bytes: Uint8Array;
  readonly modified: number;
}

/** "./a//b/../c" is "a/c". Relative paths start at the working folder, whose name is empty. */
function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return (path.startsWith("/") ? "/" : "") + parts.join("/");
}

/** "/a/b/c" lies in "/a/b", "/a" and "/"; the working folder and the root lie in nothing. */
function foldersAbove(path: string): readonly string[] {
  const root = path.startsWith("/") ? "/" : "";
  const parts = path.slice(root.length).split("/");
  return parts.map((_, depth) => root + parts.slice(0, depth).join("/"));
}

export function memoryStore(initial: MemoryFiles = {}): Store {
  const files = new Map<string, MemoryFile>();
  const folders = new Set(["", "/"]);
  // Every change has a time of its own, so that stamps differ and runs repeat exactly.
  let clock = 0;

  const inside = (folder: string) => (folder === "" || folder === "/" ? folder : `${folder}/`);

  function makeFoldersAbove(act: StorageAct, path: string, name: string): void {
    for (const folder of foldersAbove(name)) {
      if (files.has(folder)) throw storageError(act, path, "ENOTDIR");
      folders.add(folder);
    }
  }

  function put(path: string, bytes: Uint8Array): void {
    const name = normalize(path);
    if (folders.has(name)) throw storageError("write", path, "EISDIR");
    makeFoldersAbove("write", path, name);
    files.set(name, { bytes, modified: ++clock });
  }

  function get(path: string): MemoryFile {
    const name = normalize(path);
    const file = files.get(name);
    if (file) return file;
    const blocked = foldersAbove(name).some((folder) => files.has(folder));
    throw storageError("read", path, folders.has(name) ? "EISDIR" : blocked ? "ENOTDIR" : "ENOENT");
  }

  function list(folder: string): readonly FoundFile[] {
    const name = normalize(folder);
    if (!folders.has(name)) throw storageError("list", folder, files.has(name) ? "ENOTDIR" : "ENOENT");
    const prefix = inside(name);
    return [...files]
      .filter(([path]) => path.startsWith(prefix) && path.startsWith("/") === prefix.startsWith("/"))
      .map(([path, { bytes, modified }]) => ({
        path: path.slice(prefix.length),
        size: bytes.length,
        stamp: String(modified),
      }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  function rename(from: string, to: string): void {
    const [source, target] = [normalize(from), normalize(to)];
    const file = files.get(source);
    if (!file && !folders.has(source)) throw storageError("rename", from, "ENOENT");
    if (source === target) return;
    if (file) {
      if (folders.has(target)) throw storageError("rename", to, "EISDIR");
      makeFoldersAbove("rename", to, target);
      files.delete(source);
      files.set(target, file);
      return;
    }
    const prefix = inside(source);
    if (target.startsWith(prefix)) throw storageError("rename", to, "EINVAL");
    if (files.has(target)) throw storageError("rename", to, "ENOTDIR");
    if ([...files.keys(), ...folders].some((path) => path.startsWith(inside(target)))) {
      throw storageError("rename", to, "ENOTEMPTY");
    }
    makeFoldersAbove("rename", to, target);
    const moved = (path: string) => target + path.slice(source.length);
    for (const path of [...folders].filter((path) => path === source || path.startsWith(prefix))) {
      folders.delete(path);
      folders.add(moved(path));
    }
    for (const [path, held] of [...files].filter(([path]) => path.startsWith(prefix))) {
      files.delete(path);
      files.set(moved(path), held);
    }
  }

  function remove(path: string): void {
    const name = normalize(path);
    const prefix = inside(name);
    files.delete(name);
    folders.delete(name);
    for (const key of files.keys()) if (key.startsWith(prefix)) files.delete(key);
    for (const key of folders) if (key.startsWith(prefix)) folders.delete(key);
    folders.add("").add("/");
  }

  function writer(path: string): FileWriter {
    const chunks: Uint8Array[] = [];
    let ended = false;
    return {
      async write(bytes) {
        invariant(!ended, `${path} is written to after its end`);
        chunks.push(bytes.slice());
      },
      async commit() {
        invariant(!ended, `${path} is committed after its end`);
        ended = true;
        put(path, concatenate(chunks));
      },
      async discard() {
        ended = true;
      },
    };
  }

  for (const [path, contents] of Object.entries(initial)) {
    put(path, typeof contents === "string" ? new TextEncoder().encode(contents) : contents.slice());
  }

  return {
    async stat(path): Promise<FileStat | undefined> {
      const name = normalize(path);
      const file = files.get(name);
      if (file) return { kind: "file", size: file.bytes.length, modified: file.modified };
      return folders.has(name) ? { kind: "folder", size: 0, modified: 0 } : undefined;
    },
    async read(path, range) {
      const { bytes } = get(path);
      return range ? bytes.slice(range.offset, range.offset + range.length) : bytes.slice();
    },
    write: async (path, bytes) => put(path, bytes.slice()),
    writer: async (path) => writer(path),
    async append(path, bytes) {
      const before = files.get(normalize(path))?.bytes ?? new Uint8Array();
      put(path, concatenate([before, bytes]));
    },
    list: async (folder) => list(folder),
    rename: async (from, to) => rename(from, to),
    remove: async (path) => remove(path),
  };
}
