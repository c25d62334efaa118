/** @file All files below a folder, in an order that does not depend on the disk. */
import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { FoundFile } from "../platform.ts";
import { storageError } from "../storage-error.ts";
import { codeOf, garbled, guarded } from "./guard.ts";

/** Node works on four files at a time; a longer queue only holds memory. */
const atOnce = 64;

interface Folder {
  /** Relative to the folder listed; empty, or ending in "/". */
  readonly prefix: string;
  /** Real paths: this folder's own last, and before it those of the folders whose links led here. */
  readonly trail: readonly string[];
}

interface Found {
  readonly file?: FoundFile;
  readonly folder?: Folder;
}

export async function listFiles(root: string): Promise<readonly FoundFile[]> {
  const files: FoundFile[] = [];
  const pending: Folder[] = [{ prefix: "", trail: [await guarded("list", root, () => realpath(root))] }];
  for (let folder = pending.pop(); folder; folder = pending.pop()) {
    const here = folder;
    const path = here.prefix === "" ? root : join(root, here.prefix.slice(0, -1));
    const entries = await guarded("list", path, () => readdir(path, { withFileTypes: true }));
    for (let first = 0; first < entries.length; first += atOnce) {
      const some = entries.slice(first, first + atOnce);
      for (const found of await Promise.all(some.map((entry) => look(root, here, entry)))) {
        if (found.file) files.push(found.file);
        if (found.folder) pending.push(found.folder);
      }
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function look(root: string, here: Folder, entry: Dirent): Promise<Found> {
  const relative = here.prefix + entry.name;
  const path = join(root, relative);
  const link = entry.isSymbolicLink();
  if (entry.isDirectory() && !garbled(entry.name)) return { folder: below(here, entry.name) };
  // Sockets, pipes and devices hold nothing that could be read to an end.
  if (!link && !entry.isFile() && !entry.isDirectory()) return {};
  try {
    const stats = await stat(path);
    if (stats.isFile()) return { file: { path: relative, size: stats.size, stamp: String(stats.mtimeMs) } };
    if (!stats.isDirectory()) return {};
    return link ? await follow(path, relative, here) : { folder: below(here, entry.name) };
  } catch (error) {
    const code = codeOf(error);
    if (code === "ELOOP") return {}; // a link that leads to itself
    // One file that cannot be opened must not hide a thousand others: reading it says what is wrong.
    if (code === "ENOENT" && (link || garbled(relative))) {
      return { file: { path: relative, size: 0, stamp: "unreadable" } };
    }
    if (code === "ENOENT") return {}; // removed since the folder was read
    throw storageError("list", path, code ?? "EIO", { cause: error });
  }
}

function below({ prefix, trail }: Folder, name: string): Folder {
  const path = join(trail.at(-1) ?? "", name);
  return { prefix: `${prefix}${name}/`, trail: [...trail.slice(0, -1), path] };
}

/** A link to a folder that holds a link on the trail leads in a circle, and is left out. */
async function follow(path: string, relative: string, { trail }: Folder): Promise<Found> {
  const target = await realpath(path);
  const around = target.endsWith(sep) ? target : target + sep;
  const circle = trail.some((folder) => folder === target || folder.startsWith(around));
  return circle ? {} : { folder: { prefix: `${relative}/`, trail: [...trail, target] } };
}
