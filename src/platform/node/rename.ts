/**
 * @file Renames and removals that are patient on Windows, where a virus scanner or an index that looks at a file makes
 * them fail for a moment.
 */
import { rename, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "./guard.ts";

const attempts = 8;
/** Milliseconds before the second attempt; doubled before each further one. */
const pause = 10;

/** Elsewhere these codes say what stays so: permissions, a mounted folder. */
export const passes = (code: string | undefined, system: NodeJS.Platform): boolean =>
  system === "win32" && (code === "EPERM" || code === "EACCES" || code === "EBUSY");

/** Gives a file or a folder its new name; a file that has it is replaced. */
export function renameFile(from: string, to: string): Promise<void> {
  return patiently(() => rename(from, to));
}

/** Removes a file, or a folder with all it holds, if it is there. */
export function removeFile(path: string): Promise<void> {
  return patiently(() => rm(path, { recursive: true, force: true }));
}

/** Does it again while it fails with what passes. */
export async function patiently(
  work: () => Promise<void>,
  system: NodeJS.Platform = process.platform,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !passes(codeOf(error), system)) throw error;
      await sleep(pause * 2 ** (attempt - 1));
    }
  }
}
