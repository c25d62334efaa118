/** @file The compact index that lies beside a model: whether what it plays is copied from what it learnt. */

import { z } from "zod";
import type { Performance } from "../../music/index.ts";
import {
  type Band,
  type CompactIndex,
  decodeCompactIndex,
  type Originality,
  OriginalityError,
  originalityByHashes,
  type Verdict,
  verdictOf,
} from "../../originality/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { parseJson } from "../../util/json.ts";

/** Beside `config.json`. */
export const compactIndexFile = "originality.bin";
/** In its place, where the index of another model is the same: models that learnt from one corpus share one. */
export const sharedIndexFile = "originality.json";

const sharedIndexSchema = z.strictObject({
  sameAs: z
    .string()
    .regex(/^[\w.-]+$/)
    .describe("folder of the model beside this one that has the index"),
});

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
  const path = await placeOfIndex(store, folder);
  if ((await store.stat(path)) === undefined) return undefined;
  return decodeCompactIndex(await store.read(path), path);
}

/** @throws OriginalityError for a pointer that is none */
async function placeOfIndex(store: Platform["store"], folder: string): Promise<string> {
  const pointer = `${folder}/${sharedIndexFile}`;
  if ((await store.stat(pointer)) === undefined) return `${folder}/${compactIndexFile}`;
  const parsed = sharedIndexSchema.safeParse(parseJson(new TextDecoder().decode(await store.read(pointer))));
  if (!parsed.success) {
    throw new OriginalityError(
      `found ${pointer} that names no model, expected {"sameAs": "<folder beside this one>"}: take the file that belongs to the model, or generate with --no-originality`,
    );
  }
  return `${folder.slice(0, folder.lastIndexOf("/") + 1)}${parsed.data.sameAs}/${compactIndexFile}`;
}

export function originalityOfPiece(performance: Performance, index: CompactIndex): OriginalityOfPiece {
  const found = originalityByHashes(performance, index.library);
  const { corpus, band } = index;
  return { ...found, corpus, band, verdict: band && verdictOf(found, band) };
}
