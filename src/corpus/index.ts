/** @module A corpus: pieces as tokens and note columns, split by composition, and the batches drawn from it. */
export { type Augmentation, augmentationSchema, drawVariation, type Variation } from "./augment.ts";
export type { Batch } from "./batch.ts";
export { type BatchOptions, createBatches } from "./batcher.ts";
export { type Bytes, type Corpus, openCorpus } from "./corpus.ts";
export { encodePiece } from "./encode.ts";
export { CorpusError } from "./error.ts";
export { corpusOfFields } from "./flat.ts";
export { type CorpusIndex, type CorpusPiece, corpusVersion, parseIndex } from "./format.ts";
export { splitPerformance } from "./segment.ts";
export type { ControlDropOut } from "./silence.ts";
export type { ControlCurve } from "./stream.ts";
export type { SplitName } from "./table.ts";
export { tailShare, withTailValidation } from "./tail.ts";
export { wholeUnits } from "./window.ts";
