/** @file Writing a planned corpus: into a folder beside the final one, which takes its place when all is written. */
import { type CorpusIndex, columnsFile, tokenFile } from "../../corpus/format.ts";
import type { FileWriter, Platform, Store } from "../../platform/platform.ts";
import { cacheFile, type Entry, encodeCache, type StoredRange } from "./journal.ts";
import type { PlannedPiece } from "./plan.ts";

const encoder = new TextEncoder();

export interface CorpusFiles {
  readonly index: CorpusIndex;
  /** The text of index.json. */
  readonly indexText: string;
  readonly pieces: readonly PlannedPiece[];
  /** Entries of files that became no pieces, to be remembered. */
  readonly others: readonly Entry[];
  readonly settings: string;
  /** Small files by name. */
  readonly reports: Readonly<Record<string, string>>;
}

/** Writes the corpus and puts it at `out`; on any failure what was at `out` stays. */
export async function assembleCorpus(platform: Platform, out: string, files: CorpusFiles): Promise<void> {
  const { store } = platform;
  const fresh = `${out}.new`;
  await store.remove(fresh);
  try {
    const entries = await writePieces(platform, fresh, files);
    await store.write(`${fresh}/${cacheFile}`, encodeCache(files.settings, [...entries, ...files.others]));
    for (const [name, text] of Object.entries(files.reports)) {
      await store.write(`${fresh}/${name}`, encoder.encode(text));
    }
    // Last: a folder with an index is a whole corpus.
    await store.write(`${fresh}/index.json`, encoder.encode(files.indexText));
  } catch (error) {
    await store.remove(fresh);
    throw error;
  }
  await replaceFolder(store, fresh, out);
}

async function replaceFolder(store: Store, fresh: string, out: string): Promise<void> {
  const old = `${out}.old`;
  await store.remove(old);
  const hadOne = (await store.stat(out)) !== undefined;
  if (hadOne) await store.rename(out, old);
  try {
    await store.rename(fresh, out);
  } catch (error) {
    if (hadOne) await store.rename(old, out);
    throw error;
  }
  await store.remove(old);
}

/** Copies tokens and columns into shards; answers where each piece now lies. */
async function writePieces(
  platform: Platform,
  folder: string,
  { index, pieces }: CorpusFiles,
): Promise<Entry[]> {
  const { store, report } = platform;
  const entries: Entry[] = [];
  const opened = new Map<string, FileWriter>();
  const sizes = new Map<string, number>();
  const copy = async (from: StoredRange, name: string): Promise<StoredRange> => {
    let writer = opened.get(name);
    if (writer === undefined) {
      writer = await store.writer(`${folder}/${name}`);
      opened.set(name, writer);
    }
    const offset = sizes.get(name) ?? 0;
    await writer.write(await store.read(from.file, from));
    sizes.set(name, offset + from.length);
    return { file: name, offset, length: from.length };
  };
  try {
    for (const [done, { piece, entry }] of pieces.entries()) {
      const tokens: StoredRange[] = [];
      for (const [field, range] of entry.tokens.entries()) {
        tokens.push(await copy(range, tokenFile(index, piece.split, field, piece.shard)));
      }
      const columns = await copy(entry.columns, columnsFile(piece.split, piece.shard));
      entries.push({ ...entry, tokens, columns });
      report({ stage: "writing", done: done + 1, total: pieces.length, unit: "pieces" });
    }
    for (const writer of opened.values()) await writer.commit();
  } catch (error) {
    for (const writer of opened.values()) await writer.discard();
    throw error;
  }
  return entries;
}
