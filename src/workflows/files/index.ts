/** @module Files of music: reading one by its name, and finding them in folders. */
import type { Store } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import type { FileFormat, ReadMusic } from "./format.ts";
import { formatOf } from "./formats.ts";
import { midiFormat } from "./midi.ts";

/** No file of music is larger, so that a film is not read. */
const largestFile = 64 * 1024 * 1024;

export interface MusicFile extends ReadMusic {
  readonly format: FileFormat;
  /** Size of the file. */
  readonly bytes: number;
}

/**
 * Reads a file by the ending of its name; whatever has none that is known is taken for MIDI.
 *
 * @throws MidiError, ConfigError or StorageError in one sentence.
 */
export async function readMusicFile(store: Pick<Store, "stat" | "read">, path: string): Promise<MusicFile> {
  const found = await store.stat(path);
  if (found !== undefined && found.size > largestFile) {
    throw new UsageError(
      `found a file of ${found.size} bytes at ${path}, expected music of at most ${largestFile} bytes`,
    );
  }
  const bytes = await store.read(path);
  const format = formatOf(path) ?? midiFormat;
  return { ...format.read(bytes), format, bytes: bytes.length };
}

export type { FileFormat } from "./format.ts";
export { formatOf, isWritable, knownEndings } from "./formats.ts";
export { gzipped } from "./gzip.ts";
export { musicFilesAt } from "./listing.ts";
