/** @file What a report is made of: as much of a comparison as it shows, and the music and the numbers behind it. */
import type { Corpus } from "../../../corpus/index.ts";
import type { Anchor, Descriptions, Estimate } from "../../../evaluation/index.ts";
import type { Performance } from "../../../music/index.ts";
import { paperInk, paperSeriesColour } from "../../../plot/index.ts";

export interface ReportedMetric {
  readonly name: string;
  readonly distance: Estimate;
  readonly ceiling: number;
  readonly floor: number;
  readonly score: Estimate;
  readonly weight: number;
  /** Shown where it was measured. */
  readonly overlap?: { readonly area: number; readonly divergence: number };
}

export interface ReportedSystem {
  readonly name: string;
  /** Null for landmarks. */
  readonly path: string | null;
  readonly excerpts: number;
  readonly files: number;
  readonly notes: number;
  readonly score: Estimate;
  readonly metrics: readonly ReportedMetric[];
  /** Shown where it was measured. */
  readonly classifier?: { readonly accuracy: Estimate };
}

export interface ReportedDifference {
  readonly first: string;
  readonly second: string;
  readonly points: Estimate;
  readonly isPaired: boolean;
}

/** A comparison, as far as the page shows it. */
export interface Reported {
  readonly corpus: { readonly name: string; readonly path: string; readonly realExcerpts: number };
  readonly notesPerExcerpt: number;
  readonly confidence: number;
  readonly seed: number;
  readonly systems: readonly ReportedSystem[];
  readonly landmarks: readonly ReportedSystem[];
  readonly differences: readonly ReportedDifference[];
  readonly remarks: readonly string[];
  readonly machine: string;
}

/** The excerpts of a system, and by metric what it says of each. */
export interface SystemMusic {
  readonly excerpts: readonly Performance[];
  readonly described: readonly Descriptions[];
}

export interface ReportSource {
  readonly comparison: Reported;
  readonly corpus: Corpus;
  readonly anchors: readonly Anchor[];
  /** In the order of the systems. */
  readonly music: readonly SystemMusic[];
}

/** How a system is called and drawn on all of the page. */
export interface Legend {
  readonly name: string;
  readonly colour: string;
}

/** Folders of one name are told apart by their paths. */
export function legendsOf(systems: readonly ReportedSystem[]): readonly Legend[] {
  const count = (name: string) => systems.filter((each) => each.name === name).length;
  return systems.map(({ name, path }, i) => ({
    name: count(name) > 1 && path !== null ? path : name,
    colour: paperSeriesColour(i),
  }));
}

/** What every system is measured against, filled in the charts, and what it has to beat. */
export const landmarkLegends = {
  real: { name: "real music", colour: paperInk.reference },
  noise: { name: "trigrams", colour: paperInk.noise },
} as const satisfies Readonly<Record<string, Legend>>;
