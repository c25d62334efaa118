/** @file How long a training is: windows of a pass, updates in all, and how often they are looked at. */
import {
  type Corpus,
  CorpusError,
  type CorpusPiece,
  type SplitName,
  wholeUnits,
} from "../../corpus/index.ts";
import type { Configuration } from "./configuration.ts";

export interface Plan {
  /** Predictions of one pass over the training split. */
  readonly tokensPerEpoch: number;
  /** Updates of one pass, partly filled windows counted. */
  readonly stepsPerEpoch: number;
  /** Updates of the whole training. */
  readonly steps: number;
  /** Events of the validation split that are looked at. */
  readonly validationEvents: number;
}

/** @throws CorpusError for a split with nothing to foretell */
export function planTraining(corpus: Corpus, { training, validation }: Configuration): Plan {
  const { batchSize, accumulate, carry, epochs } = training;
  const window = wholeUnits(training.window, corpus.unit);
  const lengths = streamsOf(corpus, "train");
  const tokensPerEpoch = lengths.reduce((sum, length) => sum + length, 0);
  // Rows that carry their state walk through whole lanes; others hold one window of one piece.
  const windows = carry
    ? tokensPerEpoch / window
    : lengths.reduce((sum, length) => sum + Math.ceil(length / window), 0);
  const stepsPerEpoch = Math.max(1, Math.ceil(windows / (batchSize * accumulate)));
  const events = streamsOf(corpus, "validation").reduce((sum, length) => sum + length, 0);
  return {
    tokensPerEpoch,
    stepsPerEpoch,
    steps: training.steps ?? Math.max(1, Math.round(epochs * stepsPerEpoch)),
    validationEvents: Math.min(validation.events, events),
  };
}

/** Predictions of each stream of a split. */
function streamsOf({ index, path }: Corpus, split: SplitName): readonly number[] {
  const lengths = index.pieces
    .filter((piece) => piece.split === split)
    .flatMap(({ length, segments = [length] }: CorpusPiece) => segments.map((each) => each - 1))
    .filter((length) => length > 0);
  if (lengths.length > 0) return lengths;
  throw new CorpusError(
    `found no ${split} music in ${path}, expected pieces of at least two events: prepare it with another --split`,
  );
}
