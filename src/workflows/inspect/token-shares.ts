/** @file Which kinds of token a corpus is made of, counted in some of its pieces. */
import { type Corpus, CorpusError } from "../../corpus/index.ts";
import { createRandom, shuffled } from "../../util/random.ts";

export interface TokenShares {
  /** Pieces that were counted. */
  readonly pieces: number;
  readonly tokens: number;
  /** Most frequent first. A kind is what stands before the colon in a token's name. */
  readonly kinds: readonly { readonly field: string; readonly kind: string; readonly share: number }[];
  /** Different tokens that were met, of all there are. */
  readonly used: number;
  readonly vocabulary: number;
}

const mostPieces = 50;

/**
 * Shares of each kind among the tokens of its field.
 *
 * @throws CorpusError for a token that the representation does not know.
 */
export async function countTokens(
  corpus: Corpus,
  seed: number,
  report: (done: number, total: number) => void,
): Promise<TokenShares> {
  const { index, representation } = corpus;
  const { fields } = representation;
  const pieces = shuffled(index.pieces, createRandom(seed).fork("inspect")).slice(0, mostPieces);
  const counts = fields.map(({ size }) => new Float64Array(size));
  let tokens = 0;
  for (const [done, piece] of pieces.entries()) {
    for (const segment of await corpus.tokens(piece)) {
      tokens += segment.length;
      for (let i = 0; i < segment.length; i++) {
        const count = counts[i % fields.length];
        if (segment[i] >= count.length) {
          throw new CorpusError(
            `found token ${segment[i]} in ${piece.source}, expected fewer than ${count.length}: prepare the corpus again`,
          );
        }
        count[segment[i]]++;
      }
    }
    report(done + 1, pieces.length);
  }
  const steps = tokens / fields.length;
  return {
    pieces: pieces.length,
    tokens,
    kinds: fields.flatMap(({ name }, field) => {
      const kinds = new Map<string, number>();
      counts[field].forEach((count, token) => {
        const kind = representation.describe(token, field).split(":")[0];
        kinds.set(kind, (kinds.get(kind) ?? 0) + count);
      });
      return [...kinds]
        .map(([kind, count]) => ({ field: name, kind, share: steps > 0 ? count / steps : 0 }))
        .sort((a, b) => b.share - a.share);
    }),
    used: counts.reduce((sum, field) => sum + field.filter((count) => count > 0).length, 0),
    vocabulary: representation.vocabularySize,
  };
}
