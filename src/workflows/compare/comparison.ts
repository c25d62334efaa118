/** @file What a comparison comes to. */
import type { AnchoredScore, Estimate, MetricScore, Overlap } from "../../evaluation/index.ts";

export interface MetricReport extends MetricScore {
  /** With real excerpts, as Yang and Lerch (2018) have it. */
  readonly overlap: Overlap;
}

export interface SystemReport extends Omit<AnchoredScore, "resampled" | "metrics"> {
  readonly metrics: readonly MetricReport[];
  /** The mean of all metrics' overlapping areas, which is what others publish. */
  readonly overlappingArea: number;
  /** How often a classifier tells the system's music from real music: 0.5 where it cannot. Null where it was not asked, as a remark says. */
  readonly classifier: Estimate | null;
  readonly name: string;
  /** Null for those that stand beside the systems: real music, and what trigrams make. */
  readonly path: string | null;
  readonly files: number;
  readonly notes: number;
}

/** How much better the first is than the second, in points of the score. */
export interface Difference {
  readonly first: string;
  readonly second: string;
  readonly points: Estimate;
  /** Whether excerpts were drawn again in pairs: only where both have as many. */
  readonly isPaired: boolean;
}

export interface Comparison {
  readonly corpus: { readonly name: string; readonly path: string; readonly realExcerpts: number };
  readonly notesPerExcerpt: number;
  readonly confidence: number;
  readonly seed: number;
  /** In the order in which they were given. */
  readonly systems: readonly SystemReport[];
  /** Validation pieces and trigrams, measured in the same way. */
  readonly landmarks: readonly SystemReport[];
  /** Of each pair of systems. */
  readonly differences: readonly Difference[];
  readonly remarks: readonly string[];
  readonly machine: string;
  readonly secondsTaken: number;
  /** Where the page was written, if one was asked for. */
  readonly report: string | null;
}
