/** @file One piece → tokens: the order of operations is sustain, stretch, segments, transposition, events. */
import type { Performance } from "../music/performance.ts";
import type { Representation } from "../representations/index.ts";
import { stretchPerformance, transposePerformance, type Variation } from "./augment.ts";
import { splitPerformance } from "./segment.ts";

export const unchanged: Variation = { stretch: 1, transpose: 0 };

/** Tokens of a piece, one array per segment; without segments there is one. */
export function encodePiece(
  performance: Performance,
  representation: Representation,
  segmentSeconds: number | undefined,
  variation: Variation = unchanged,
): readonly Int32Array[] {
  const heard = stretchPerformance(representation.normalise(performance), variation.stretch);
  const segments = segmentSeconds === undefined ? [heard] : splitPerformance(heard, segmentSeconds);
  return segments.map((segment) => representation.encode(transposePerformance(segment, variation.transpose)));
}
