/** @file Whether a corpus is whole: its files there and as long as the index says, its pieces inside them. */
import { type CorpusIndex, columnsFile, tokenFile } from "../../corpus/format.ts";
import { splitNames } from "../../corpus/table.ts";
import type { Store } from "../../platform/platform.ts";

export interface CorpusFile {
  /** Relative to the corpus. */
  readonly path: string;
  /** What the index says. */
  readonly expected: number;
  /** Null where it is missing. */
  readonly found: number | null;
}

export async function checkCorpus(
  store: Store,
  path: string,
  index: CorpusIndex,
): Promise<{ readonly files: readonly CorpusFile[]; readonly damage: readonly string[] }> {
  const files: CorpusFile[] = [];
  for (const { name, bytes } of filesOf(index)) {
    const found = await store.stat(`${path}/${name}`);
    files.push({ path: name, expected: bytes, found: found?.kind === "file" ? found.size : null });
  }
  return { files, damage: [...files.flatMap(faultOf), ...faultsOfPieces(index)] };
}

function filesOf(index: CorpusIndex): { readonly name: string; readonly bytes: number }[] {
  return splitNames.flatMap((split) =>
    (index.shards[split] ?? []).flatMap(({ steps, noteBytes }, shard) => [
      ...index.fields.map((_, field) => ({ name: tokenFile(index, split, field, shard), bytes: steps * 2 })),
      { name: columnsFile(split, shard), bytes: noteBytes },
    ]),
  );
}

function faultOf({ path, expected, found }: CorpusFile): string[] {
  if (found === expected) return [];
  if (found === null) return [`${path} is missing`];
  return [`${path} has ${found} bytes, expected ${expected}`];
}

/** The first piece that lies outside its shard, and totals that do not add up. */
function faultsOfPieces({ pieces, shards, totals }: CorpusIndex): string[] {
  const stray = pieces.find(({ split, shard, offset, length, notesOffset }) => {
    const place = shards[split]?.at(shard);
    return place === undefined || offset + length > place.steps || notesOffset > place.noteBytes;
  });
  const wrong = splitNames.filter(
    (split) => pieces.filter((piece) => piece.split === split).length !== (totals[split]?.pieces ?? 0),
  );
  return [
    ...(stray ? [`index.json puts ${stray.source} outside its shard`] : []),
    ...wrong.map((split) => `index.json has other pieces for ${split} than its totals say`),
  ];
}
