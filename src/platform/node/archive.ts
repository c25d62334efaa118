/** @file A zip archive as a source: read in place, never unpacked. */
import type { FoundFile, Source } from "../platform.ts";
import { openDirectory } from "./archive-directory.ts";
import { contents, hex } from "./archive-entry.ts";
import { ArchiveError } from "./archive-error.ts";

/** No honest MIDI file is larger. */
const largestRead = 64 * 1024 * 1024;

export async function openArchive(
  archive: string,
  { limit = largestRead }: { readonly limit?: number } = {},
): Promise<Source> {
  const directory = await openDirectory(archive);
  const files: readonly FoundFile[] = [...directory.entries]
    .map(([path, { uncompressedSize: size, crc32 }]) => ({ path, size, stamp: `${hex(crc32)}-${size}` }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));

  return {
    files,
    async read({ path }) {
      const entry = directory.entries.get(path);
      if (!entry) throw new ArchiveError(archive, path, "there is no such entry", "check the name");
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of contents(directory, path, entry, limit)) {
        chunks.push(chunk);
        size += chunk.length;
      }
      const bytes = new Uint8Array(size);
      let offset = 0;
      for (const chunk of chunks) {
        bytes.set(chunk, offset);
        offset += chunk.length;
      }
      return bytes;
    },
    close: () => directory.handle.close(),
  };
}
