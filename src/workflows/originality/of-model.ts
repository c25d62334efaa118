/** @file The compact index that lies beside a model: whether what it plays is copied from what it learnt. */

import type { Performance } from "../../music/index.ts";
import {
  type Band,
  type CompactIndex,
  decodeCompactIndex,
  type Originality,
  originalityByHashes,
  type Verdict,
  verdictOf,
} from "../../originality/index.ts";
import type { Platform } from "../../platform/platform.ts";

/** Beside `config.json`. */
export const compactIndexFile = "originality.bin";

export interface OriginalityOfPiece extends Originality {
  /** What the model learnt from. */
  readonly corpus: string;
  readonly band: Band | null;
  readonly verdict: Verdict | null;
}

/**
 * The index in the folder of a model; undefined where there is none.
 *
 * @throws OriginalityError for one that is damaged
 */
export async function indexOfModel(
  { store }: Pick<Platform, "store">,
  folder: string,
): Promise<CompactIndex | undefined> {
  const path = `${folder}/${compactIndexFile}`;
  if ((await store.stat(path)) === undefined) return undefined;
  return decodeCompactIndex(await store.read(path), path);
}

export function originalityOfPiece(performance: Performance, index: CompactIndex): OriginalityOfPiece {
  const found = originalityByHashes(performance, index.library);
  const { corpus, band } = index;
  return { ...found, corpus, band, verdict: band && verdictOf(found, band) };
}
