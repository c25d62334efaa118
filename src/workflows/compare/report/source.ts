/** @file What a report is made of: as much of a comparison as it shows, and the music and the numbers behind it. */
import type { Corpus } from "../../../corpus/index.ts";
import type { Anchor, Descriptions } from "../../../evaluation/index.ts";
import type { Performance } from "../../../music/index.ts";
import { paperInk, paperSeriesColour } from "../../../plot/index.ts";
import type { Comparison, SystemReport } from "../comparison.ts";

/** The excerpts of a system, and by metric what it says of each. */
export interface SystemMusic {
  readonly excerpts: readonly Performance[];
  readonly described: readonly Descriptions[];
}

export interface ReportSource {
  readonly comparison: Comparison;
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
export function legendsOf(systems: readonly SystemReport[]): readonly Legend[] {
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
