/**
 * @file Which metrics tell music from noise: distances of real, trigram and pitch-shuffled excerpts to all of the train split.
 *
 *     npx rubato prepare ../shared/data/maestro-v3.0.0 --out /tmp/corpus
 *     npx tsx bench/anchors.ts /tmp/corpus [--excerpts 64] [--notes 512] [--draws 40] [--seed 1]
 *
 * Twice: with all music on the grid of the corpus's tokens (10 ms, 32 velocities), as `rubato compare` has it; and with people's
 * music as it was recorded, sustain folded in, and only the trigrams on the grid, as published tables have it.
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import type { CorpusPiece } from "../src/corpus/index.ts";
import { NGram, placesIn } from "../src/evaluation/index.ts";
import { type Metric, metrics, openMetric } from "../src/metrics/index.ts";
import { excerptOf, type Performance } from "../src/music/index.ts";
import { createRandom, shuffled } from "../src/util/random.ts";
import { describeMachine } from "./machine.ts";
import { maximumNoteSeconds, openCorpusAt, quantile, summaryOf } from "./music-figures.ts";

const { values, positionals } = parseArgs({
  options: {
    excerpts: { type: "string", default: "64" },
    notes: { type: "string", default: "512" },
    draws: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
  },
  allowPositionals: true,
});
const number = z.coerce.number().int().min(1);
const { excerpts, notes, draws, seed } = z
  .object({ excerpts: number, notes: number, draws: number, seed: z.coerce.number() })
  .parse(values);
const [path] = positionals;
if (path === undefined) throw new Error("give a corpus: see the top of bench/anchors.ts");
const corpus = await openCorpusAt(path);
const { representation } = corpus;
const all = Object.keys(metrics).map((name) => openMetric(name));
const random = createRandom(seed);

type Described = readonly Float64Array[][];

const describe = (music: readonly Performance[]): Described =>
  all.map((metric) => music.map((excerpt) => metric.describe(excerpt)));

async function musicOf(piece: CorpusPiece, isOnGrid: boolean): Promise<Performance> {
  if (!isOnGrid) return representation.normalise(await corpus.performance(piece));
  const [tokens] = await corpus.tokens(piece);
  return representation.decode(tokens);
}

async function describeSplit(
  split: "train" | "validation",
  isOnGrid: boolean,
  isShuffled = false,
): Promise<Described> {
  const described: Float64Array[][] = all.map(() => []);
  for (const [i, piece] of corpus.index.pieces.filter((each) => each.split === split).entries()) {
    const performance = await musicOf(piece, isOnGrid);
    const places = placesIn([performance.notes.count], notes, random.fork(`${split} ${i}`));
    const music = places
      .map(({ from }) => excerptOf(performance, from, notes))
      .map((excerpt, j) => (isShuffled ? withPitchesShuffled(excerpt, `${i} ${j}`) : excerpt));
    for (const [k, each] of describe(music).entries()) described[k].push(...each);
  }
  return described;
}

function withPitchesShuffled(excerpt: Performance, label: string): Performance {
  const pitch = Uint8Array.from(shuffled(Array.from(excerpt.notes.pitch), random.fork(`shuffle ${label}`)));
  return { ...excerpt, notes: { ...excerpt.notes, pitch } };
}

async function describeNoise(): Promise<Described> {
  const ngram = new NGram({ order: 3, vocabularySize: representation.vocabularySize });
  for (const piece of corpus.index.pieces.filter(({ split }) => split === "train")) {
    for (const tokens of await corpus.tokens(piece)) ngram.add(tokens);
  }
  return describe(
    Array.from({ length: 3 * excerpts }, (_, i) =>
      excerptOf(
        representation.decode(ngram.draw(6 * notes, random.fork(`noise ${i}`)), { maximumNoteSeconds }),
        0,
        notes,
      ),
    ),
  );
}

function distances(metric: Metric, set: readonly Float64Array[], reference: Float64Array): readonly number[] {
  return Array.from({ length: draws }, (_, i) => {
    const chosen = shuffled(set, random.fork(`draw ${i}`)).slice(0, excerpts);
    return metric.distance(metric.gather(chosen), reference);
  });
}

console.log(
  `${describeMachine()}; ${excerpts} excerpts of ${notes} notes, ${draws} draws, seed ${seed}; real and shuffled: validation split; reference: train split`,
);
const noise = await describeNoise();
for (const isOnGrid of [true, false]) {
  const reference = await describeSplit("train", isOnGrid);
  const real = await describeSplit("validation", isOnGrid);
  const shuffledPitches = await describeSplit("validation", isOnGrid, true);
  console.log(
    `\n${isOnGrid ? "All on the grid of the tokens" : "People as recorded, trigrams on the grid"}\n`,
  );
  console.log(
    "| metric | unit | real, mean | real, p95 | trigrams | pitches shuffled | real values | of trigrams |",
  );
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const [k, metric] of all.entries()) {
    const whole = metric.gather(reference[k]);
    const ofReal = distances(metric, real[k], whole);
    const mean = (set: readonly Float64Array[]) => summaryOf(distances(metric, set, whole)).mean.toFixed(4);
    // What a metric of one number says of an excerpt.
    const said = (set: readonly Float64Array[]) => {
      if (set[0].length > 1) return "";
      const { mean: middle, spread } = summaryOf(set.map(([each]) => each));
      return `${middle.toFixed(3)} ± ${spread.toFixed(3)}`;
    };
    console.log(
      `| ${metric.name} | ${metric.unit} | ${summaryOf(ofReal).mean.toFixed(4)} | ${quantile(ofReal, 0.95).toFixed(4)} | ${mean(noise[k])} | ${mean(shuffledPitches[k])} | ${said(real[k])} | ${said(noise[k])} |`,
    );
  }
}
