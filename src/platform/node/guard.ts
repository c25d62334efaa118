/** @file Turns what the operating system throws into a StorageError; what is not the system's passes unchanged. */
import { messageOf, StorageError } from "../../util/errors.ts";
import { type StorageAct, storageError } from "../storage-error.ts";

/** The code of a failure of the system ("ENOENT", "EIO"), and undefined for all other errors. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string"
    ? thrown.code
    : undefined;
}

/** Bytes of a name that are not UTF-8 arrive as this sign, and the name no longer leads to its file. */
export function garbled(path: string): boolean {
  return path.includes("\uFFFD");
}

export function asStorageError(act: StorageAct, path: string, thrown: unknown): unknown {
  const code = codeOf(thrown);
  if (thrown instanceof StorageError || code === undefined) return thrown;
  const reason = code === "ENOENT" && garbled(path) ? "EILSEQ" : code;
  return storageError(act, path, reason, { cause: thrown, otherwise: messageOf(thrown) });
}

export async function guarded<Result>(
  act: StorageAct,
  path: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw asStorageError(act, path, error);
  }
}
