/** @file How a set of excerpts is judged: its anchored score, and its overlap with real excerpts. */
import { type Anchor, type Descriptions, overlapOf, scoreExcerpts } from "../../evaluation/index.ts";
import type { Metric } from "../../metrics/index.ts";
import { createRandom, type Random, shuffled } from "../../util/random.ts";
import { meanOf } from "../../util/statistics.ts";
import type { SystemReport } from "./comparison.ts";
import type { CompareOptions } from "./options.ts";

export interface Scored {
  readonly report: SystemReport;
  readonly described: readonly Descriptions[];
  readonly resampled: Float64Array;
}

/**
 * Real excerpts in random order, the same ones for every metric. The landmark takes the first and is laid beside the last: others than
 * themselves where there are enough.
 */
export function realOf(
  anchors: readonly Anchor[],
  random: Random,
  ...slice: readonly [from: number, to?: number]
): readonly Descriptions[] {
  const order = shuffled(
    Array.from(anchors[0].real, (_, i) => i),
    random,
  ).slice(...slice);
  return anchors.map(({ real }) => order.map((i) => real[i]));
}

type Judged = Pick<SystemReport, "name" | "path" | "files" | "notes" | "classifier">;

/** @param real as many excerpts as any system has, by metric */
export function judgeBy(
  anchors: readonly Anchor[],
  real: readonly Descriptions[],
  { resamples, confidence, seed }: CompareOptions,
) {
  return (judged: Judged, described: readonly Descriptions[]): Scored => {
    const random = createRandom(seed).fork("compare");
    const { resampled, metrics, ...score } = scoreExcerpts(anchors, described, {
      resamples,
      confidence,
      random,
    });
    const withOverlap = metrics.map((metric, k) => ({
      ...metric,
      overlap: overlapOf(pointsOf(anchors[k].metric, described[k]), pointsOf(anchors[k].metric, real[k])),
    }));
    const overlappingArea = meanOf(withOverlap.map(({ overlap }) => overlap.area));
    return { report: { ...judged, ...score, overlappingArea, metrics: withOverlap }, described, resampled };
  };
}

/** Histograms as shares, so that long excerpts do not lie far from short ones. */
function pointsOf({ unit }: Metric, described: Descriptions): Descriptions {
  if (unit !== "bits") return described;
  return described.map((counts) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return total > 0 ? counts.map((count) => count / total) : counts;
  });
}
