/** @file Floors: what n-grams say of the same music, counted in the train split of the same corpus. */
import type { Corpus, CorpusPiece } from "../../corpus/index.ts";
import { type Figures, figuresOf, NGram } from "../../evaluation/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { flatTokens } from "../../representations/index.ts";
import { extentOf } from "./pieces.ts";

const names = ["unigram", "bigram", "trigram"] as const;

export interface Floor {
  readonly name: (typeof names)[number];
  readonly figures: Figures;
}

/** None where the corpus has no train split to count in. */
export async function measureFloors(
  { report }: Pick<Platform, "report">,
  corpus: Corpus,
  pieces: readonly CorpusPiece[],
): Promise<readonly Floor[]> {
  const train = corpus.index.pieces.filter(({ split }) => split === "train");
  if (train.length === 0) return [];
  // Fields of a step stand one after the other, each with tokens of its own: a context may end within a step.
  const { fields } = corpus.index;
  const ngram = new NGram({ order: names.length, vocabularySize: corpus.representation.vocabularySize });
  for (const [done, piece] of train.entries()) {
    for (const tokens of await corpus.tokens(piece)) ngram.add(flatTokens(fields, tokens));
    report({ stage: "counting n-grams", done: done + 1, total: train.length, unit: "pieces" });
  }
  const sums = names.map(() => 0);
  for (const piece of pieces) {
    for (const tokens of await corpus.tokens(piece)) {
      for (const [i, nats] of ngram.nats(flatTokens(fields, tokens)).entries()) sums[i] += nats;
    }
  }
  const extent = extentOf(pieces);
  return names.map((name, i) => ({
    name,
    figures: figuresOf({ events: extent.events, nats: sums[i] }, extent),
  }));
}
