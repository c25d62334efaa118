/** @file `compare`: how near the music of systems is to what people play, by all metrics together and by each, with intervals. */
import { openCorpus } from "../../corpus/index.ts";
import {
  type Descriptions,
  type Drawn,
  drawExcerpts,
  type Estimate,
  estimateOf,
} from "../../evaluation/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { StorageError, UsageError } from "../../util/errors.ts";
import { createRandom } from "../../util/random.ts";
import { anchorsOf, describeAll } from "./anchors.ts";
import { classify, drawReal } from "./classify.ts";
import type { Comparison, Difference, SystemReport } from "./comparison.ts";
import { judgeBy, realOf, type Scored } from "./judge.ts";
import { readSystem, type System } from "./music.ts";
import { type CompareInput, type CompareOptions, compareSchema } from "./options.ts";
import { checkReport, writeReport } from "./report/report.ts";

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
  const random = createRandom(options.seed);
  const excerpts = systems.map((system) =>
    inOrder(drawExcerpts(system.pieces, options, random.fork("excerpts"))),
  );
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
  const comparison: Comparison = {
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
    report: options.report ?? null,
  };
  if (options.report === undefined) return comparison;
  const music = scored.map(({ described }, i) => ({
    excerpts: excerpts[i].map(({ excerpt }) => excerpt),
    described,
  }));
  try {
    await writeReport(platform, options.report, { comparison, corpus, anchors, music });
    return comparison;
  } catch (error) {
    // The figures took longer than the page: they are told all the same.
    if (!(error instanceof StorageError)) throw error;
    const remark = `the report could not be written, and everything else stands: ${error.message}`;
    return { ...comparison, report: null, remarks: [...comparison.remarks, remark] };
  }
}

/** In the order of the files, so that two systems that continued the same pieces are compared pair by pair. */
const inOrder = (examples: readonly Drawn[]) =>
  [...examples].sort((a, b) => a.piece - b.piece || a.from - b.from);

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
