/** @file Writes a file under a temporary name beside its place, so that it appears whole or not at all. */
import { randomBytes } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { invariant, messageOf } from "../../util/errors.ts";
import type { FileWriter } from "../platform.ts";
import { storageError } from "../storage-error.ts";
import { codeOf, guarded } from "./guard.ts";
import { removeFile, renameFile } from "./rename.ts";

export async function makeFolderOf(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    // A file in the way of a new folder is EEXIST where it is last on the path, and ENOTDIR elsewhere.
    if (codeOf(error) === "EEXIST") throw storageError("write", path, "ENOTDIR", { cause: error });
    throw error;
  }
}

/** In the same folder, for only there a rename is one step; shortened, for a name may be 255 bytes long. */
function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 40)}.${randomBytes(6).toString("hex")}.tmp`);
}

export async function openWriter(path: string): Promise<FileWriter> {
  const temporary = temporaryName(path);
  const handle = await guarded("write", path, async () => {
    await makeFolderOf(path);
    return open(temporary, "wx");
  });
  let ended = false;

  async function end(): Promise<void> {
    ended = true;
    try {
      await handle.close();
    } finally {
      await removeFile(temporary);
    }
  }

  /** A step that fails is the end: nothing is left behind, whether or not the caller discards. */
  async function step(work: () => Promise<void>): Promise<void> {
    invariant(!ended, `${path} is written to after its end`);
    try {
      await work();
    } catch (error) {
      const failures = [error];
      await end().catch((second: unknown) => failures.push(second));
      const cause = failures.length > 1 ? new AggregateError(failures, messageOf(error)) : error;
      throw storageError("write", path, codeOf(error) ?? "EIO", { cause, otherwise: messageOf(error) });
    }
  }

  return {
    write: (bytes) => step(() => handle.writeFile(bytes)),
    commit: () =>
      step(async () => {
        await handle.sync();
        await handle.close();
        await renameFile(temporary, path);
        ended = true;
      }),
    async discard() {
      if (!ended) await guarded("write", path, end);
    },
  };
}
