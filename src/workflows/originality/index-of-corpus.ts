/** @file The index over a corpus: made once, and kept in its folder. */
import { type Corpus, CorpusError, type CorpusPiece, type SplitName } from "../../corpus/index.ts";
import {
  bandOf,
  decodeIndex,
  encodeIndex,
  LibraryBuilder,
  leastInBand,
  type Originality,
  OriginalityError,
  type OriginalityIndex,
  originalityOf,
} from "../../originality/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { messageOf } from "../../util/errors.ts";

export interface OpenedIndex {
  readonly index: OriginalityIndex;
  /** What went wrong without harm, a sentence each. */
  readonly remarks: readonly string[];
}

/**
 * Reads the index of a corpus, or makes it: a library of the train split, and what the validation split shares with it.
 *
 * @throws CorpusError where there is no train split
 */
export async function indexOfCorpus(platform: Platform, corpus: Corpus): Promise<OpenedIndex> {
  const { store, sha256 } = platform;
  const fingerprint = sha256(await store.read(`${corpus.path}/index.json`));
  const path = `${corpus.path}/originality.bin`;
  const kept = await readIndex(platform, path, fingerprint);
  if (kept !== undefined) return { index: kept, remarks: [] };
  const index = await makeIndex(platform, corpus, fingerprint);
  try {
    await store.write(path, encodeIndex(index));
    return { index, remarks: [] };
  } catch (error) {
    return {
      index,
      remarks: [`the index could not be kept, and is made anew next time: ${messageOf(error)}`],
    };
  }
}

/** Undefined where there is none, or one that is damaged or of other music: then it is made anew. */
async function readIndex(
  { store }: Pick<Platform, "store">,
  path: string,
  fingerprint: string,
): Promise<OriginalityIndex | undefined> {
  if ((await store.stat(path)) === undefined) return undefined;
  try {
    const index = decodeIndex(await store.read(path), path);
    return index.fingerprint === fingerprint ? index : undefined;
  } catch (error) {
    if (error instanceof OriginalityError) return undefined;
    throw error;
  }
}

async function makeIndex(platform: Platform, corpus: Corpus, fingerprint: string): Promise<OriginalityIndex> {
  const builder = new LibraryBuilder();
  for await (const [piece, performance] of performancesOf(platform, corpus, "train")) {
    builder.add(nameOf(piece), performance);
  }
  const library = builder.build();
  if (library.pieces.length === 0) {
    throw new CorpusError(
      `found no music in the train split of ${corpus.path}, expected some to look for: prepare another corpus`,
    );
  }
  const human: Originality[] = [];
  for await (const [, performance] of performancesOf(platform, corpus, "validation")) {
    human.push(originalityOf(performance, library));
  }
  return {
    corpus: corpus.index.name,
    fingerprint,
    library,
    band: human.length >= leastInBand ? bandOf(human) : null,
  };
}

async function* performancesOf({ report }: Pick<Platform, "report">, corpus: Corpus, split: SplitName) {
  const pieces = corpus.index.pieces.filter((piece) => piece.split === split);
  for (const [done, piece] of pieces.entries()) {
    yield [piece, await corpus.performance(piece)] as const;
    report({
      stage: split === "train" ? "indexing" : "looking people's own music up",
      done: done + 1,
      total: pieces.length,
      unit: "pieces",
    });
  }
}

/** For people: "Frédéric Chopin, Ballade No. 1 (2009/x.midi)", or the file alone where nothing else is known. */
function nameOf({ composer, title, source }: CorpusPiece): string {
  const known = [composer, title].filter((each) => each !== "").join(", ");
  return known === "" ? source : `${known} (${source})`;
}
