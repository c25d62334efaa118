/** @file What a finished corpus remembers of its sources, beside the corpus: so that no later run reads them again. */
import type { Store } from "../../platform/platform.ts";
import { parseJson } from "../../util/json.ts";
import { cacheSchema, type Entry, type StoredRange } from "./entry.ts";

export const cacheFile = "cache.json";

export function encodeCache(settings: string, entries: readonly Entry[]): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ settings, entries })}\n`);
}

/**
 * What a corpus remembers, by path, if it was made with the same settings; ranges become paths that can be read. What
 * lies in a file that is gone or cut off is forgotten.
 */
export async function readCache(
  store: Store,
  corpus: string,
  settings: string,
): Promise<ReadonlyMap<string, Entry>> {
  const path = `${corpus}/${cacheFile}`;
  if ((await store.stat(path)) === undefined) return new Map();
  const parsed = cacheSchema.safeParse(parseJson(new TextDecoder().decode(await store.read(path))));
  // A cache from other settings or another version is worth nothing, and costs nothing but time.
  if (!parsed.success || parsed.data.settings !== settings) return new Map();
  const entries = parsed.data.entries.map((entry) => withinFolder(entry, corpus));
  const names = new Set(entries.flatMap(rangesOf).map(({ file }) => file));
  const sizes = new Map<string, number>();
  for (const name of names) sizes.set(name, (await store.stat(name))?.size ?? 0);
  const isThere = ({ file, offset, length }: StoredRange) => offset + length <= (sizes.get(file) ?? 0);
  return new Map(
    entries.filter((entry) => rangesOf(entry).every(isThere)).map((entry) => [entry.path, entry]),
  );
}

function withinFolder(entry: Entry, folder: string): Entry {
  if (entry.kind === "refused") return entry;
  const locate = (range: StoredRange) => ({ ...range, file: `${folder}/${range.file}` });
  return { ...entry, tokens: entry.tokens.map(locate), columns: locate(entry.columns) };
}

function rangesOf(entry: Entry): readonly StoredRange[] {
  return entry.kind === "refused" ? [] : [...entry.tokens, entry.columns];
}
