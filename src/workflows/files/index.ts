/** @module Files of music: which formats there are, and reading one by its name. One file and one line each. */
import type { Store } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import type { FileFormat, ReadMusic } from "./format.ts";
import { midiFormat } from "./midi.ts";
import { noteSequenceFormat } from "./note-sequence.ts";
import { tokensFormat } from "./tokens.ts";

export const formats: readonly FileFormat[] = [midiFormat, noteSequenceFormat, tokensFormat];

/** No file of music is larger, so that a film is not read. */
const largestFile = 64 * 1024 * 1024;

/** The ending of a name in lower case, without .gz. */
function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.gz$/i, "");
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot).toLowerCase();
}

/** The format that a file's name says, whatever is in it. */
export function formatOf(path: string): FileFormat | undefined {
  const ending = endingOf(path);
  return formats.find(({ endings, readOnly }) => endings.includes(ending) || readOnly.includes(ending));
}

/** Whether a file's name says that it can be written as well as read. */
export function isWritable(path: string): boolean {
  return formatOf(path)?.endings.includes(endingOf(path)) ?? false;
}

/** Endings for people: ".mid .midi .json .txt". */
export function knownEndings({ writable }: { readonly writable: boolean }): string {
  return formats
    .flatMap(({ endings, readOnly }) => (writable ? endings : [...endings, ...readOnly]))
    .join(" ");
}

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
export async function readMusicFile(store: Store, path: string): Promise<MusicFile> {
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
export { gzipped } from "./gzip.ts";
export { musicFilesAt } from "./listing.ts";
