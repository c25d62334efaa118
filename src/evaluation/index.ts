/** @module Evaluation: how likely music is under a model and under what any model must beat, and how near music is to the real thing. */
export {
  type Anchor,
  type AnchoredScore,
  type Bounds,
  boundsOf,
  type Descriptions,
  type Estimate,
  estimateOf,
  type MetricScore,
  type ScoreOptions,
  scoreExcerpts,
} from "./anchored-score.ts";
export { type Example, type Telling, type TellingOptions, tellApart } from "./classifier.ts";
export { type Drawn, drawExcerpts, type Place, placesIn } from "./excerpts.ts";
export { type Extent, type Figures, figuresOf } from "./figures.ts";
export { type ForetellOptions, type Foretold, foretell, NonFiniteLikelihoodError } from "./foretell.ts";
export { addLikelihoods, type Likelihood, type OpenedLikelihood, openLikelihood } from "./likelihood.ts";
export { NGram } from "./ngram.ts";
export { type Overlap, overlapOf } from "./overlap.ts";
export { carried, inLanes, inRows, type Passage, type PieceStream, segments, sliding } from "./passages.ts";
export { type PreferenceOptions, preferenceOf } from "./preference.ts";
export { createTally, type Tally } from "./tally.ts";
