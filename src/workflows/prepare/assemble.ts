/** @file Writing a planned corpus: into a folder beside the final one, which takes its place when all is written. */
import { type CorpusIndex, columnsFile, tokenFile } from "../../corpus/format.ts";
import type { Platform } from "../../platform/platform.ts";
import { cacheFile, encodeCache } from "./cache.ts";
import type { Entry, TakenEntry } from "./entry.ts";
import type { Places } from "./places.ts";
import type { PlannedPiece } from "./plan.ts";
import { readRanges } from "./ranges.ts";
import { openWriters } from "./writers.ts";

export interface CorpusFiles {
  readonly index: CorpusIndex;
  readonly pieces: readonly PlannedPiece[];
  /** Entries of files that became no pieces, to be remembered. */
  readonly others: readonly Entry[];
  readonly settings: string;
  /** Small files by name; the index is the last. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Writes the corpus and puts it in its place; on any failure what was there stays. */
export async function assembleCorpus(platform: Platform, places: Places, files: CorpusFiles): Promise<void> {
  const { store } = platform;
  const { fresh } = places;
  await store.remove(fresh);
  try {
    const entries = await writePieces(platform, fresh, files);
    await store.write(`${fresh}/${cacheFile}`, encodeCache(files.settings, [...entries, ...files.others]));
    for (const [name, text] of Object.entries(files.texts)) {
      await store.write(`${fresh}/${name}`, new TextEncoder().encode(text));
    }
  } catch (error) {
    await store.remove(fresh);
    throw error;
  }
  await places.replace();
}

/** Copies tokens and columns into shards; answers where each piece now lies. */
async function writePieces(
  { store, report }: Platform,
  folder: string,
  { index, pieces }: CorpusFiles,
): Promise<readonly TakenEntry[]> {
  const entries: TakenEntry[] = [];
  const writers = openWriters(store, folder);
  try {
    const ranges = pieces.flatMap(({ entry }) => [...entry.tokens, entry.columns]);
    const bytes = readRanges(store, ranges);
    const copy = async (name: string) => writers.add(name, (await bytes.next()).value);
    for (const { piece, entry } of pieces) {
      const tokens = [];
      for (const field of entry.tokens.keys()) {
        tokens.push(await copy(tokenFile(index, piece.split, field, piece.shard)));
      }
      const columns = await copy(columnsFile(piece.split, piece.shard));
      entries.push({ ...entry, tokens, columns });
      report({ stage: "writing", done: entries.length, total: pieces.length, unit: "pieces" });
    }
    await writers.commit();
  } catch (error) {
    await writers.discard();
    throw error;
  }
  return entries;
}
