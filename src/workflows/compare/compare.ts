/** @file `compare`: how near the music of systems is to what people play, by all metrics together and by each, with intervals. */
import { openCorpus } from "../../corpus/index.ts";
import {
  type Anchor,
  type AnchoredScore,
  type Descriptions,
  type Estimate,
  type Example,
  estimateOf,
  type MetricScore,
  type Overlap,
  overlapOf,
  placesIn,
  scoreExcerpts,
} from "../../evaluation/index.ts";
import type { Metric } from "../../metrics/index.ts";
import { excerptOf } from "../../music/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { createRandom, type Random, shuffled } from "../../util/random.ts";
import { meanOf } from "../../util/statistics.ts";
import { anchorsOf, describeAll } from "./anchors.ts";
import { classify, drawReal } from "./classify.ts";
import { readSystem, type System } from "./music.ts";
import { type CompareInput, type CompareOptions, compareSchema } from "./options.ts";

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
}

interface Scored {
  readonly report: SystemReport;
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
  const random = createRandom(options.seed);
  const excerpts = systems.map((system) => excerptsOf(system, options, random.fork("excerpts")));
  const most = Math.max(...excerpts.map(({ length }) => length));
  const judge = judgeBy(anchors, realOf(anchors, random.fork("real"), -most), options);
  const told: (Estimate | string)[] = [];
  if (options.classifier) {
    const sizes = { excerpts: most, notes: options.notes };
    const real = await drawReal(platform, corpus, sizes, random.fork("classifier"));
    for (const [i, { name }] of systems.entries()) {
      // As many of each: the same excerpts for every system that has as many.
      const beside = real.slice(0, excerpts[i].length);
      told.push(await classify(platform, beside, { name, examples: excerpts[i] }, options));
    }
  }
  const scored = systems.map(({ name, path, pieces }, i) => {
    const described = describeAll(
      excerpts[i].map(({ excerpt }) => excerpt),
      anchors.map(({ metric }) => metric),
    );
    const notes = pieces.reduce((sum, piece) => sum + piece.notes.count, 0);
    const answer = told.at(i);
    const classifier = typeof answer === "object" ? answer : null;
    return judge({ name, path, files: pieces.length, notes, classifier }, described);
  });
  const landmark = (name: string, described: readonly Descriptions[]) => {
    const files = described[0].length;
    return judge({ name, path: null, files, notes: files * options.notes, classifier: null }, described)
      .report;
  };
  return {
    corpus: { name: corpus.index.name, path: corpus.path, realExcerpts: fitted.real },
    notesPerExcerpt: options.notes,
    confidence: options.confidence,
    seed: options.seed,
    systems: scored.map(({ report }) => report),
    landmarks: [
      landmark("real music", realOf(anchors, random.fork("real"), 0, most)),
      landmark(
        "trigrams",
        anchors.map(({ noise }) => noise.slice(0, most)),
      ),
    ],
    differences: scored.flatMap((first, i) =>
      scored.slice(i + 1).map((second) => differenceOf(first, second, options.confidence)),
    ),
    remarks: [
      ...systems.flatMap(({ remarks }) => remarks),
      ...told.filter((each) => typeof each === "string"),
      ...scored.flatMap(({ report }) => remarksOn(report, options)),
      ...(scored.every(({ report }) => report.metrics.every(({ weight }) => weight === 0))
        ? ["none of these metrics tells music from trigrams, so that their score is 0 whatever was played"]
        : []),
      ...fitted.remarks,
    ],
    machine: platform.machine,
    secondsTaken: (platform.now() - began) / 1000,
  };
}

/**
 * Real excerpts in random order, the same ones for every metric. The landmark takes the first and is laid beside the last: others than
 * themselves where there are enough.
 */
function realOf(
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
function judgeBy(
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
    return { report: { ...judged, ...score, overlappingArea, metrics: withOverlap }, resampled };
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

function excerptsOf(
  { pieces }: System,
  { excerpts, notes }: CompareOptions,
  random: Random,
): readonly Example[] {
  const places = placesIn(
    pieces.map((piece) => piece.notes.count),
    notes,
    random,
  );
  // In the order of the files, so that two systems that continued the same pieces are compared pair by pair.
  return places
    .slice(0, excerpts)
    .sort((a, b) => a.piece - b.piece || a.from - b.from)
    .map(({ piece, from }) => ({ piece, excerpt: excerptOf(pieces[piece], from, notes) }));
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
