/** @module Evaluation: how likely music is under a model, and under what any model must beat. */
export { type Extent, type Figures, figuresOf } from "./figures.ts";
export { type ForetellOptions, type Foretold, foretell, NonFiniteLikelihoodError } from "./foretell.ts";
export { addLikelihoods, type Likelihood, type OpenedLikelihood, openLikelihood } from "./likelihood.ts";
export { NGram } from "./ngram.ts";
export { carried, inLanes, inRows, type Passage, type PieceStream, segments, sliding } from "./passages.ts";
export { createTally, type Tally } from "./tally.ts";
