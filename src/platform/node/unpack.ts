/** @file Unpacks a zip archive into a folder. The whole archive is judged before the first byte is written. */
import { lstat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Entry } from "yauzl";
import { forEachConcurrently } from "../../util/concurrency.ts";
import type { Progress } from "../platform.ts";
import { type ArchiveDirectory, openDirectory } from "./archive-directory.ts";
import { checkEntry, contents } from "./archive-entry.ts";
import { ArchiveError } from "./archive-error.ts";
import { codeOf, guarded } from "./guard.ts";
import { openWriter } from "./writer.ts";

const mebibyte = 1024 * 1024;

export interface UnpackOptions {
  readonly report: (event: Progress) => void;
  /** Bytes that all files together, and one of them alone, may come to. */
  readonly total?: number;
  readonly single?: number;
  /** Number of files. */
  readonly count?: number;
  /** How many times larger than the archive its contents may be. */
  readonly ratio?: number;
}

/** Below this much, a large ratio harms nobody: a page of zeros packs a thousandfold. */
const freeOfRatio = 64 * mebibyte;

function judge({ archive, size, entries }: ArchiveDirectory, options: UnpackOptions): void {
  const { total = 4096 * mebibyte, single = 1024 * mebibyte, count = 200_000, ratio = 100 } = options;
  const refuse = (found: string): never => {
    throw new ArchiveError(
      archive,
      undefined,
      found,
      "unpack it yourself if you trust it, and give the folder",
    );
  };
  if (entries.size > count) refuse(`it holds ${entries.size} files, expected at most ${count}`);
  let sum = 0;
  for (const [path, entry] of entries) {
    checkEntry(archive, path, entry, single);
    sum += entry.uncompressedSize;
  }
  if (sum > total) refuse(`it unfolds to ${sum} bytes, expected at most ${total}`);
  if (sum > freeOfRatio && sum > ratio * size) {
    refuse(`it unfolds to ${Math.round(sum / size)} times its size, expected at most ${ratio} times`);
  }
}

/** The archive brings no links, but one may lie in the folder already, and lead what is written elsewhere. */
async function refuseLinks({ archive, entries }: ArchiveDirectory, folder: string): Promise<void> {
  const below = new Set<string>();
  for (const path of entries.keys()) {
    for (let up = dirname(path); up !== "." && !below.has(up); up = dirname(up)) below.add(up);
  }
  for (const path of below) {
    const full = join(folder, path);
    const link = await guarded("look up", full, () => isLink(full));
    if (!link) continue;
    const found = `it has a folder ${JSON.stringify(path)}, where ${folder} holds a link that leads elsewhere`;
    throw new ArchiveError(archive, undefined, found, "remove the link, or unpack into another folder");
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw error;
  }
}

/** Small files wait for the disk far longer than for the processor. */
const atOnce = 8;

export async function unpack(archive: string, folder: string, options: UnpackOptions): Promise<void> {
  const { report, single = 1024 * mebibyte } = options;
  const directory = await openDirectory(archive);
  try {
    judge(directory, options);
    await refuseLinks(directory, folder);
    const total = directory.entries.size;
    let done = 0;
    await forEachConcurrently([...directory.entries], atOnce, async ([path, entry]) => {
      await unpackEntry(directory, path, entry, join(folder, path), single);
      report({ stage: "unpack", done: ++done, total, unit: "files" });
    });
  } finally {
    await directory.handle.close();
  }
}

async function unpackEntry(
  directory: ArchiveDirectory,
  path: string,
  entry: Entry,
  to: string,
  limit: number,
): Promise<void> {
  const writer = await openWriter(to);
  try {
    for await (const chunk of contents(directory, path, entry, limit)) await writer.write(chunk);
    await writer.commit();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}
