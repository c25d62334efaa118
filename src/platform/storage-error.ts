/** @file Why a store refuses, by the operating system's code, in one sentence each: all stores say it alike. */
import { StorageError } from "../util/errors.ts";

export type StorageAct = "read" | "write" | "list" | "rename" | "remove" | "look up";

const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file or folder; check the spelling of the path"],
  ["EACCES", "permission is denied; change the permissions, or choose another place"],
  ["EPERM", "the system does not permit it; change the permissions, or choose another place"],
  ["EROFS", "the disk is read-only; choose another place"],
  ["ENOSPC", "the disk is full; free some space and start again"],
  ["EDQUOT", "your share of the disk is used up; free some space and start again"],
  ["EISDIR", "it is a folder, and a file was expected; give the path of a file"],
  ["ENOTDIR", "a file stands where a folder was expected; give a path that leads through folders"],
  ["ENOTEMPTY", "a folder that is not empty has that name already; remove it, or choose another name"],
  ["EEXIST", "something has that name already; remove it, or choose another name"],
  ["EMFILE", "too many files are open; raise the limit (ulimit -n) and start again"],
  ["ENFILE", "the system has too many files open; close other programs and start again"],
  ["ENAMETOOLONG", "the name is too long; choose a shorter one"],
  ["ELOOP", "its links lead in a circle; remove one of them"],
  ["EXDEV", "the two paths are on different disks; choose a place on the same disk"],
  ["EBUSY", "another program is using it; close that program and start again"],
  ["EIO", "the disk reports an error; check the disk, or copy the file elsewhere"],
  ["EILSEQ", "its name is not written in UTF-8, so that it cannot be opened; rename it"],
  ["EINVAL", "the system does not accept this path; choose another one"],
  [
    "ERR_FS_FILE_TOO_LARGE",
    "the file is larger than 2 GiB, too large to be read in one piece; give a smaller one",
  ],
  ["ERR_INVALID_ARG_VALUE", "the path holds a character that no path may hold; check the path"],
]);

/** `otherwise` is said of codes that have no sentence of their own. */
export function storageError(
  act: StorageAct,
  path: string,
  code: string,
  { cause, otherwise = `it failed with ${code}` }: { cause?: unknown; otherwise?: string } = {},
): StorageError {
  const reason = reasons.get(code) ?? `${otherwise}; check the disk and the path`;
  return new StorageError(`Cannot ${act} ${path}: ${reason}`, path, cause === undefined ? {} : { cause });
}
