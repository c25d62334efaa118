/** @file The directory of a zip archive, read and checked as a whole before any entry is opened. */
import { type FileHandle, open } from "node:fs/promises";
import { type Entry, fromFdPromise, getFileNameLowLevel, type ZipFile } from "yauzl";
import { ArchiveError, fetchAgain } from "./archive-error.ts";
import { asStorageError, guarded } from "./guard.ts";

export interface ArchiveDirectory {
  readonly archive: string;
  /** Size of the archive itself. */
  readonly size: number;
  readonly handle: FileHandle;
  readonly zip: ZipFile;
  /** Files alone, by path. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/** The largest collections of MIDI files hold fewer; the directory is held in memory. */
const mostEntries = 500_000;

/** Why an entry may not have this name, or undefined where it may. */
function objection(name: string): string | undefined {
  if (name.includes("\0")) return "its name holds a zero byte";
  if (name.includes("\\")) return "its name holds a backslash";
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) return "its name is an absolute path";
  if (name.split("/").includes("..")) return "its name climbs out of the archive";
  return undefined;
}

/** The upper half of the attributes is a Unix mode, or zero; its uppermost digit says what sort of file it is. */
function isOrdinary({ externalFileAttributes }: Entry): boolean {
  const sort = (externalFileAttributes >>> 28) & 0xf;
  return sort === 0 || sort === 0o4 || sort === 0o10; // not said, folder, file
}

async function readEntries(archive: string, size: number, zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  if (zip.entryCount > mostEntries) {
    throw new ArchiveError(
      archive,
      undefined,
      `it claims to hold ${zip.entryCount} entries, and at most ${mostEntries} are read`,
      "divide it, or unpack it yourself and give the folder",
    );
  }
  for await (const entry of zip.eachEntry()) {
    const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
    const name = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
    const found = objection(name) ?? (isOrdinary(entry) ? undefined : "it is a link or a device");
    if (found) {
      const advice = "expected files below the archive's own folder; do not trust this archive";
      throw new ArchiveError(archive, name, found, advice);
    }
    if (name.endsWith("/")) continue;
    const path = name
      .split("/")
      .filter((part) => part !== "" && part !== ".")
      .join("/");
    if (path === "" || entries.has(path)) {
      throw new ArchiveError(archive, name, path === "" ? "it has no name" : "it is there twice", fetchAgain);
    }
    // Checked here, for an offset that no file can have would make yauzl throw where nobody can catch it.
    if (entry.relativeOffsetOfLocalHeader + entry.compressedSize > size) {
      throw new ArchiveError(archive, name, "it lies beyond the end of the archive", fetchAgain);
    }
    entries.set(path, entry);
  }
  return entries;
}

/** Whoever opens the directory closes its handle. */
export async function openDirectory(archive: string): Promise<ArchiveDirectory> {
  const handle = await guarded("read", archive, () => open(archive, "r"));
  try {
    const { size } = await handle.stat();
    // The handle owns the descriptor: yauzl, which is never told to close, leaves it open.
    const zip = await fromFdPromise(handle.fd, { autoClose: false, lazyEntries: true, decodeStrings: false });
    return { archive, size, handle, zip, entries: await readEntries(archive, size, zip) };
  } catch (error) {
    await handle.close();
    throw asArchiveError(archive, undefined, error);
  }
}

/** The disk's failures are the store's to tell; what else goes wrong is the archive's fault. */
export function asArchiveError(archive: string, entry: string | undefined, error: unknown): unknown {
  if (error instanceof ArchiveError) return error;
  if (error instanceof Error && "syscall" in error) return asStorageError("read", archive, error);
  // yauzl and zlib throw plain errors; a TypeError is a mistake of ours.
  if (!(error instanceof Error) || error instanceof TypeError) return error;
  return new ArchiveError(archive, entry, `it is cut off or damaged (${error.message})`, fetchAgain, {
    cause: error,
  });
}
