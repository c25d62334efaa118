/** @module Evaluation: how likely music is under a model, and under what any model must beat. */
export { addLikelihoods, type Likelihood, type OpenedLikelihood, openLikelihood } from "./likelihood.ts";
