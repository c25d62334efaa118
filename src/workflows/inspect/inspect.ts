/** @file `inspect`: says what a path leads to: a file of music, a corpus, or a folder or archive of MIDI files. */
import { columnsFile, corpusFormat } from "../../corpus/format.ts";
import { splitNames } from "../../corpus/table.ts";
import type { Platform } from "../../platform/platform.ts";
import { storageError } from "../../platform/storage-error.ts";
import { UsageError } from "../../util/errors.ts";
import { type CorpusInspection, inspectCorpus } from "./corpus.ts";
import { type FileInspection, inspectFile } from "./file.ts";
import { type FolderInspection, inspectFolder } from "./folder.ts";
import { type InspectInput, type InspectOptions, inspectSchema } from "./options.ts";

export type Inspection = FileInspection | CorpusInspection | FolderInspection;

/**
 * Looks at a path and writes nothing, but for the picture that is asked for.
 *
 * @throws MidiError, ConfigError, CorpusError, UsageError or StorageError, each in one sentence.
 */
export async function inspect(platform: Platform, input: InspectInput): Promise<Inspection> {
  const options = inspectSchema.parse(input);
  const { store } = platform;
  const path = options.path.replace(/(?<=.)\/+$/, "");
  const found = await store.stat(path);
  if (found === undefined) throw storageError("read", path, "ENOENT");
  if (found.kind === "folder") {
    checkFile(options, "a folder");
    return (await isCorpus(platform, path))
      ? inspectCorpus(platform, path, options.seed)
      : inspectFolder(platform, path);
  }
  if (await isArchive(platform, path)) {
    checkFile(options, "an archive");
    return inspectFolder(platform, path);
  }
  return inspectFile(platform, { ...options, path });
}

/** One picture holds one piece. */
function checkFile({ path, plot, from, to }: InspectOptions, what: string): void {
  if (plot === undefined && from === undefined && to === undefined) return;
  const flag = plot !== undefined ? "--plot" : from !== undefined ? "--from" : "--to";
  throw new UsageError(
    `found ${flag} for ${path}, which is ${what}, expected a file of music: name one file`,
  );
}

/** Whether a folder has an index that says so, or note columns: whoever opens a damaged one says what is wrong. */
async function isCorpus({ store }: Platform, path: string): Promise<boolean> {
  const index = `${path}/index.json`;
  if ((await store.stat(index))?.kind === "file") {
    const beginning = await store.read(index, { offset: 0, length: 4096 });
    if (new TextDecoder().decode(beginning).includes(`"${corpusFormat}"`)) return true;
  }
  for (const split of splitNames) {
    if ((await store.stat(`${path}/${columnsFile(split, 0)}`))?.kind === "file") return true;
  }
  return false;
}

/** By what it begins with: "PK" and the mark of an entry, or of the end of an empty archive. */
async function isArchive({ store }: Platform, path: string): Promise<boolean> {
  const [p, k, third, fourth] = await store.read(path, { offset: 0, length: 4 });
  return p === 0x50 && k === 0x4b && ((third === 3 && fourth === 4) || (third === 5 && fourth === 6));
}
