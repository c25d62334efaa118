/** @file Which pieces are measured, how much music they are, and their streams one after the other. */
import { unconditioned } from "../../controls/index.ts";
import {
  type ControlCurve,
  type Corpus,
  CorpusError,
  type CorpusPiece,
  type SplitName,
} from "../../corpus/index.ts";
import { loadStreams } from "../../corpus/stream.ts";
import type { Extent, PieceStream } from "../../evaluation/index.ts";
import { createRandom, shuffled } from "../../util/random.ts";
import type { FoundModel } from "../model/index.ts";

/** Pieces of a split with something to predict, in the order of the corpus. */
export function piecesOf(corpus: Corpus, split: SplitName): readonly CorpusPiece[] {
  const pieces = corpus.index.pieces.filter(
    (piece) => piece.split === split && (piece.segments ?? [piece.length]).some((each) => each > 1),
  );
  if (pieces.length > 0) return pieces;
  throw new CorpusError(
    `found no ${split} pieces in ${corpus.path}, expected some: choose another --split, or prepare the corpus with another division`,
  );
}

/** At most so many of them, in the same order; which ones hangs on the seed. */
export function drawPieces(
  pieces: readonly CorpusPiece[],
  most: number,
  seed: number,
): readonly CorpusPiece[] {
  if (pieces.length <= most) return pieces;
  const drawn = new Set(shuffled(pieces, createRandom(seed).fork("evaluate")).slice(0, most));
  return pieces.filter((piece) => drawn.has(piece));
}

export function extentOf(pieces: readonly CorpusPiece[]): Extent {
  const sum = (read: (piece: CorpusPiece) => number) =>
    pieces.reduce((total, piece) => total + read(piece), 0);
  return {
    events: sum(({ length }) => length),
    notes: sum(({ notes }) => notes),
    seconds: sum(({ seconds }) => seconds),
  };
}

/** What a model is told beside the tokens: what the music is like, as when it was trained, or nothing. */
export function controlsOf({ conditioning }: FoundModel, tells: boolean): readonly ControlCurve[] {
  if (conditioning.size === 0) return [];
  return [tells ? conditioning : unconditioned(conditioning)];
}

/** Their streams as they were prepared, without variations; a piece in segments has several. */
export async function* streamsOf(
  corpus: Corpus,
  pieces: readonly CorpusPiece[],
  controls: readonly ControlCurve[],
): AsyncGenerator<PieceStream> {
  // Nothing is drawn: there are no variations.
  const random = createRandom(0);
  for (const [piece, each] of pieces.entries()) {
    for (const stream of await loadStreams(corpus, each, controls, undefined, random))
      yield { piece, stream };
  }
}
