/** @file `compare`: how near the music of systems is to what people play, by all metrics together and by each, with intervals. */
import { openCorpus } from "../../corpus/index.ts";
import {
  type Anchor,
  type AnchoredScore,
  type Descriptions,
  type Estimate,
  estimateOf,
  placesIn,
  scoreExcerpts,
} from "../../evaluation/index.ts";
import { excerptOf, type Performance } from "../../music/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { createRandom, type Random } from "../../util/random.ts";
import { anchorsOf, describeAll } from "./anchors.ts";
import { readSystem, type System } from "./music.ts";
import { type CompareInput, type CompareOptions, compareSchema } from "./options.ts";
import { checkReport, writeReport } from "./report/report.ts";

export interface SystemReport extends Omit<AnchoredScore, "resampled"> {
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

interface Scored {
  readonly report: SystemReport;
  readonly excerpts: readonly Performance[];
  readonly described: readonly Descriptions[];
  readonly resampled: Float64Array;
}

/**
 * Compares systems with a corpus, and with each other.
 *
 * @throws UsageError where there is no music, or too little for the intervals that are asked for; CorpusError where the corpus has no
 * train or no validation split; and what reading throws
 */
export async function compare(platform: Platform, input: CompareInput): Promise<Comparison> {
  const options = compareSchema.parse(input);
  if (options.report !== undefined) await checkReport(platform, options.report);
  const began = platform.now();
  const corpus = await openCorpus(platform.store, options.against);
  const systems: System[] = [];
  for (const path of options.performances) {
    systems.push(await readSystem(platform, path, corpus.representation));
  }
  for (const system of systems) expectEnough(system, options);
  const fitted = await anchorsOf(platform, corpus, options.notes);
  const anchors = fitted.anchors.filter(
    ({ metric }) => options.metric === undefined || options.metric.some((name) => name === metric.name),
  );
  const scored = systems.map((system) => scoreSystem(system, anchors, options));
  const most = Math.max(...scored.map(({ report }) => report.excerpts));
  const landmark = (name: string, of: (anchor: Anchor) => Descriptions): SystemReport => {
    const described = anchors.map((anchor) => of(anchor).slice(0, most));
    const { resampled: _, ...score } = scoreExcerpts(anchors, described, scoring(options));
    return {
      name,
      path: null,
      files: described[0].length,
      notes: described[0].length * options.notes,
      ...score,
    };
  };
  const comparison: Comparison = {
    corpus: { name: corpus.index.name, path: corpus.path, realExcerpts: fitted.real },
    notesPerExcerpt: options.notes,
    confidence: options.confidence,
    seed: options.seed,
    systems: scored.map(({ report }) => report),
    landmarks: [landmark("real music", ({ real }) => real), landmark("trigrams", ({ noise }) => noise)],
    differences: scored.flatMap((first, i) =>
      scored.slice(i + 1).map((second) => differenceOf(first, second, options.confidence)),
    ),
    remarks: [
      ...systems.flatMap(({ remarks }) => remarks),
      ...scored.flatMap(({ report }) => remarksOn(report, options)),
      ...(scored.every(({ report }) => report.metrics.every(({ weight }) => weight === 0))
        ? ["none of these metrics tells music from trigrams, so that their score is 0 whatever was played"]
        : []),
      ...fitted.remarks,
    ],
    machine: platform.machine,
    secondsTaken: (platform.now() - began) / 1000,
    report: options.report ?? null,
  };
  if (options.report !== undefined) {
    await writeReport(platform, options.report, { comparison, corpus, anchors, music: scored });
  }
  return comparison;
}

const scoring = ({ resamples, confidence, seed }: CompareOptions) => ({
  resamples,
  confidence,
  random: createRandom(seed).fork("compare"),
});

function scoreSystem(system: System, anchors: readonly Anchor[], options: CompareOptions): Scored {
  const excerpts = excerptsOf(system, options, createRandom(options.seed).fork("excerpts"));
  const described = describeAll(
    excerpts,
    anchors.map(({ metric }) => metric),
  );
  const { resampled, ...score } = scoreExcerpts(anchors, described, scoring(options));
  const { name, path, pieces } = system;
  const notes = pieces.reduce((sum, piece) => sum + piece.notes.count, 0);
  return { report: { name, path, files: pieces.length, notes, ...score }, excerpts, described, resampled };
}

function excerptsOf({ pieces }: System, { excerpts, notes }: CompareOptions, random: Random) {
  const places = placesIn(
    pieces.map((piece) => piece.notes.count),
    notes,
    random,
  );
  // In the order of the files, so that two systems that continued the same pieces are compared pair by pair.
  return places
    .slice(0, excerpts)
    .sort((a, b) => a.piece - b.piece || a.from - b.from)
    .map(({ piece, from }) => excerptOf(pieces[piece], from, notes));
}

/** An interval leaves out a tail on both sides: with fewer excerpts than this there is nothing in it. */
const leastFor = (confidence: number) => Math.ceil(1 / (1 - confidence) - 1e-9);

function expectEnough({ path, pieces }: System, { notes, confidence }: CompareOptions): void {
  const found = pieces.reduce((sum, piece) => sum + Math.floor(piece.notes.count / notes), 0);
  const least = leastFor(confidence);
  if (found >= least) return;
  const longest = Math.max(...pieces.map((piece) => piece.notes.count));
  throw new UsageError(
    `found ${found === 1 ? "1 excerpt" : `${found} excerpts`} of ${notes} notes in ${path} (${pieces.length === 1 ? "1 file" : `${pieces.length} files`}, the longest of ${longest} notes), expected at least ${least} for intervals of ${100 * confidence} %: make more music, or ask for shorter excerpts with --notes`,
  );
}

function remarksOn(report: SystemReport, { excerpts, notes }: CompareOptions): readonly string[] {
  if (report.excerpts === excerpts) return [];
  return [
    `${report.path} has ${report.excerpts} excerpts of ${notes} notes, and not ${excerpts}: floor and ceiling are of as many`,
  ];
}

function differenceOf(first: Scored, second: Scored, confidence: number): Difference {
  // Both were drawn again by the same numbers, which say the same of sets of one size only.
  const isPaired = first.report.excerpts === second.report.excerpts;
  const drawn = first.resampled.map((points, i) => points - second.resampled[i]);
  return {
    first: first.report.name,
    second: second.report.name,
    points: estimateOf(first.report.score.value - second.report.score.value, drawn, confidence),
    isPaired,
  };
}
