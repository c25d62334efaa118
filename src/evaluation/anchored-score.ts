/**
 * @file The anchored score: how far music has come from noise to what people play, metric by metric.
 *
 * A distance to the corpus says little by itself: real music has one too, since so many excerpts are never all of a corpus, and
 * noise comes close to it by some metrics. So each distance is placed between a floor, that of music drawn from n-grams, and a
 * ceiling, that of real excerpts which are not in the reference, both of as many excerpts as are judged. And each metric
 * counts as much as it is able to tell the two apart.
 */
import type { Metric } from "../metrics/index.ts";
import { invariant } from "../util/errors.ts";
import type { Random } from "../util/random.ts";
import { meanOf, quantileOf } from "../util/statistics.ts";

/** What a metric says of each excerpt of a set, in their order. */
export type Descriptions = readonly Float64Array[];

/** What music is measured against, for one metric. */
export interface Anchor {
  readonly metric: Metric;
  /** All of the corpus's train split, gathered. */
  readonly reference: Float64Array;
  /** Real excerpts that are not of the reference. */
  readonly real: Descriptions;
  /** Excerpts drawn from n-grams that were counted in the reference. */
  readonly noise: Descriptions;
}

/** Distances to the reference, between which a score is placed. */
export interface Bounds {
  /** Of n-grams, in the mean over draws. */
  readonly floor: number;
  /** Of real music: in the mean over draws, and what 95 % of them stay below. */
  readonly ceiling: number;
  readonly ceilingP95: number;
  /** How many octaves the floor lies above what real music stays below: 0 where the metric cannot tell music from noise. */
  readonly power: number;
}

/** Draws over which floor and ceiling are averaged. */
const draws = 40;

/**
 * The bounds of a metric for sets of so many excerpts.
 *
 * Excerpts are drawn without repeats, from a set that should hold several times as many: a set is otherwise compared with
 * hardly anything but itself.
 */
export function boundsOf(
  { metric, reference, real, noise }: Anchor,
  excerpts: number,
  random: Random,
): Bounds {
  const distances = (descriptions: Descriptions, name: string) =>
    Array.from({ length: draws }, (_, i) => {
      const chosen = choose(descriptions, excerpts, random.fork(`${name} ${i}`));
      return metric.distance(metric.gather(chosen), reference);
    }).sort((a, b) => a - b);
  const ofReal = distances(real, "real");
  const floor = meanOf(distances(noise, "noise"));
  const ceilingP95 = quantileOf(ofReal, 0.95);
  return { floor, ceiling: meanOf(ofReal), ceilingP95, power: powerOf(floor, ceilingP95) };
}

function powerOf(floor: number, ceilingP95: number): number {
  if (floor <= ceilingP95) return 0;
  // No metric is trusted without end, were real music as near as can be.
  return Math.min(10, Math.log2(floor / ceilingP95));
}

export interface Estimate {
  readonly value: number;
  /** The interval that holds it with the confidence that was asked for. */
  readonly low: number;
  readonly high: number;
}

export interface MetricScore extends Bounds {
  readonly name: string;
  /** Of what was judged to the reference, in the unit of the metric. */
  readonly distance: Estimate;
  /** 0 at the floor and below, 100 at the ceiling and above. */
  readonly score: Estimate;
  /** Share of this metric in the whole score. */
  readonly weight: number;
}

export interface AnchoredScore {
  readonly excerpts: number;
  readonly score: Estimate;
  readonly metrics: readonly MetricScore[];
  /** The whole score of each time that the excerpts were drawn again: for comparison with another system's. */
  readonly resampled: Float64Array;
}

export interface ScoreOptions {
  /** How often the excerpts are drawn again, with repeats, for intervals. */
  readonly resamples: number;
  /** Between 0 and 1, such as 0.95. */
  readonly confidence: number;
  readonly random: Random;
}

/**
 * Scores a set of excerpts.
 *
 * Sets that are drawn again with the same `random` are drawn alike: the scores of two systems with as many excerpts, number by
 * number, are those of a paired bootstrap (Efron and Tibshirani 1993, 8.5).
 *
 * @param described by metric, in the order of the anchors
 */
export function scoreExcerpts(
  anchors: readonly Anchor[],
  described: readonly Descriptions[],
  { resamples, confidence, random }: ScoreOptions,
): AnchoredScore {
  const excerpts = described[0].length;
  invariant(
    described.length === anchors.length && described.every(({ length }) => length === excerpts && length > 0),
    "every metric describes all excerpts",
  );
  const again = Array.from({ length: resamples }, (_, i) => {
    const own = random.fork(`resample ${i}`);
    return Int32Array.from({ length: excerpts }, () => own.integer(excerpts));
  });
  const bounds = anchors.map((anchor) => boundsOf(anchor, excerpts, random.fork(anchor.metric.name)));
  const powers = bounds.reduce((sum, { power }) => sum + power, 0);
  const total = { value: 0, resampled: new Float64Array(resamples) };
  const metrics = anchors.map(({ metric, reference }, k) => {
    const distanceOf = (chosen: Descriptions) => metric.distance(metric.gather(chosen), reference);
    const distance = distanceOf(described[k]);
    // Drawn with repeats, a set holds fewer different excerpts and lies further away: the interval is moved back by as much.
    const drawn = Float64Array.from(again, (indices) =>
      distanceOf(Array.from(indices, (i) => described[k][i])),
    );
    const tooFar = resamples > 0 ? meanOf(drawn) - distance : 0;
    const moved = drawn.map((each) => Math.max(0, each - tooFar));
    const scoreOf = (each: number) => placed(each, bounds[k]);
    const weight = powers > 0 ? bounds[k].power / powers : 0;
    total.value += weight * scoreOf(distance);
    for (let i = 0; i < resamples; i++) total.resampled[i] += weight * scoreOf(moved[i]);
    return {
      ...bounds[k],
      name: metric.name,
      distance: estimateOf(distance, moved, confidence),
      score: estimateOf(scoreOf(distance), moved.map(scoreOf), confidence),
      weight,
    };
  });
  return {
    excerpts,
    score: estimateOf(total.value, total.resampled, confidence),
    metrics,
    resampled: total.resampled,
  };
}

/** 0 at the floor, 100 at the ceiling; nothing beyond, so that no single metric decides everything. */
function placed(distance: number, { floor, ceiling }: Bounds): number {
  if (floor <= ceiling) return 0;
  return 100 * Math.min(1, Math.max(0, (floor - distance) / (floor - ceiling)));
}

/** By percentiles of what was drawn again; the value itself is inside. */
export function estimateOf(value: number, drawn: Float64Array, confidence: number): Estimate {
  if (drawn.length === 0) return { value, low: value, high: value };
  const sorted = drawn.slice().sort();
  const tail = (1 - confidence) / 2;
  return {
    value,
    low: Math.min(value, quantileOf(sorted, tail)),
    high: Math.max(value, quantileOf(sorted, 1 - tail)),
  };
}

/** Some of the items, each once; all of them where there are no more. */
function choose<Item>(items: readonly Item[], count: number, random: Random): readonly Item[] {
  if (items.length <= count) return items;
  // The first steps of Fisher and Yates's shuffle, over indices.
  const order = Int32Array.from(items, (_, i) => i);
  return Array.from({ length: count }, (_, i) => {
    const j = i + random.integer(order.length - i);
    [order[i], order[j]] = [order[j], order[i]];
    return items[order[i]];
  });
}
