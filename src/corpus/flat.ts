/**
 * @file A corpus as a model of single tokens reads it: the fields of a step one after the other. What lies on disk stays as it
 * is; this is a view, and whatever reads a corpus reads it without knowing.
 */
import { flatRepresentation, flatTokens } from "../representations/index.ts";
import { UsageError } from "../util/errors.ts";
import type { Corpus } from "./corpus.ts";
import type { CorpusIndex, CorpusPiece } from "./format.ts";

/**
 * The corpus as a model reads it that hears so many tokens at once: as it is, or flat for a model that hears one.
 *
 * @throws UsageError where neither fits
 */
export function corpusOfFields(corpus: Corpus, fields: number): Corpus {
  const own = corpus.index.fields.length;
  if (fields === own) return corpus;
  if (fields === 1) return flatCorpus(corpus);
  throw new UsageError(
    `found a model of ${fields} tokens a step and a corpus of \`${corpus.representation.name}\` with ${own} in ${corpus.path}, expected as many: prepare the corpus with the representation that the model is for`,
  );
}

/** Lengths count single tokens; places of tokens on disk are left to the corpus that it is a view of. */
function flatCorpus(corpus: Corpus): Corpus {
  const { index } = corpus;
  const unit = index.fields.length;
  const representation = flatRepresentation(corpus.representation);
  const originals = new Map<CorpusPiece, CorpusPiece>();
  const pieces = index.pieces.map((piece) => {
    const { length, segments } = piece;
    const flat = {
      ...piece,
      length: length * unit,
      ...(segments && { segments: segments.map((steps) => steps * unit) }),
    };
    originals.set(flat, piece);
    return flat;
  });
  const originalOf = (piece: CorpusPiece): CorpusPiece => {
    const original = originals.get(piece);
    if (original === undefined) throw new Error("invariant: a piece is asked of the corpus that it is from");
    return original;
  };
  const totals: CorpusIndex["totals"] = Object.fromEntries(
    Object.entries(index.totals).map(([split, total]) => [split, { ...total, steps: total.tokens }]),
  );
  return {
    ...corpus,
    unit,
    representation,
    index: { ...index, fields: representation.fields.map((field) => ({ ...field })), totals, pieces },
    async tokens(piece) {
      const segments = await corpus.tokens(originalOf(piece));
      return segments.map((steps) => flatTokens(index.fields, steps));
    },
    performance: (piece) => corpus.performance(originalOf(piece)),
  };
}
