/** @file The contents of one entry of a zip archive: unfolded piece by piece, never beyond what is allowed. */
import { createReadStream } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import type { Entry } from "yauzl";
import { type ArchiveDirectory, asArchiveError } from "./archive-directory.ts";
import { ArchiveError, fetchAgain } from "./archive-error.ts";

const stored = 0;
const deflated = 8;

/** Refuses what cannot or may not be unfolded, as far as the archive's directory tells. */
export function checkEntry(archive: string, path: string, entry: Entry, limit: number): void {
  const { compressionMethod, uncompressedSize } = entry;
  const elsewhere = "unpack it with another program and give the folder";
  if (entry.isEncrypted()) {
    throw new ArchiveError(archive, path, "it is encrypted", elsewhere);
  }
  if (compressionMethod !== stored && compressionMethod !== deflated) {
    const found = `it is packed by method ${compressionMethod}, expected ${stored} (stored) or ${deflated} (deflated)`;
    throw new ArchiveError(archive, path, found, elsewhere);
  }
  if (uncompressedSize > limit) {
    const found = `it unfolds to ${uncompressedSize} bytes, expected at most ${limit}`;
    throw new ArchiveError(archive, path, found, "take it out of the archive");
  }
}

/** The entry's bytes, in pieces; their number and their checksum are right when the iteration ends without error. */
export async function* contents(
  directory: ArchiveDirectory,
  path: string,
  entry: Entry,
  limit: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { archive } = directory;
  checkEntry(archive, path, entry, limit);
  let size = 0;
  let checksum = 0;
  try {
    for await (const piece of await openEntry(directory, entry)) {
      const chunk: Uint8Array = piece;
      size += chunk.length;
      // Checked before the next piece is asked for: a lie about the size costs one piece, not the memory.
      if (size > entry.uncompressedSize) break;
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  } catch (error) {
    throw asArchiveError(archive, path, error);
  }
  if (size !== entry.uncompressedSize) {
    const more = size > entry.uncompressedSize ? "more" : `${size} bytes`;
    const found = `it says that it holds ${entry.uncompressedSize} bytes, and holds ${more}`;
    throw new ArchiveError(archive, path, found, fetchAgain);
  }
  if (checksum !== entry.crc32) {
    const found = `its CRC-32 is ${hex(checksum)}, expected ${hex(entry.crc32)}`;
    throw new ArchiveError(archive, path, found, fetchAgain);
  }
}

export function hex(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}

/** A stream that takes no listeners on the handle: the handle's own streams add one each, and never remove it. */
async function openEntry({ zip, handle }: ArchiveDirectory, entry: Entry): Promise<Readable> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  if (entry.compressedSize === 0) return Readable.from([]);
  const end = fileDataStart + entry.compressedSize - 1;
  const raw = createReadStream("", { fd: handle.fd, autoClose: false, start: fileDataStart, end });
  if (entry.compressionMethod === stored) return raw;
  // Errors of either stream come out of the second, and thus of the loop that reads it.
  return pipeline(raw, createInflateRaw({ chunkSize: 64 * 1024 }), () => undefined);
}
