/** @file The anchored score: 0 for noise, 100 for music, in between what lies in between; and intervals that hold what they say. */
import { describe, expect, it } from "vitest";
import { openMetric } from "../metrics/index.ts";
import { createRandom } from "../util/random.ts";
import { type Anchor, boundsOf, type Descriptions, scoreExcerpts } from "./anchored-score.ts";

/** Numbers around a mean, one for each excerpt. */
function around(mean: number, count: number, seed: string): Descriptions {
  const random = createRandom(seed);
  return Array.from({ length: count }, () =>
    Float64Array.of(mean + 4 * (random.next() + random.next() + random.next() - 1.5)),
  );
}

function anchor(name: "mean-velocity" | "velocity-spread", noise: number): Anchor {
  const metric = openMetric(name);
  return {
    metric,
    reference: metric.gather(around(60, 2000, `${name} reference`)),
    real: around(60, 400, `${name} real`),
    noise: around(noise, 400, `${name} noise`),
  };
}

/** The first tells music from noise, the second cannot. */
const anchors = [anchor("mean-velocity", 90), anchor("velocity-spread", 60)];
const options = { resamples: 300, confidence: 0.95, random: createRandom("score") };
const score = (mean: number, count = 64, seed = "system") =>
  scoreExcerpts(anchors, [around(mean, count, seed), around(20, count, seed)], options);

describe("bounds", () => {
  const of = (excerpts: number) => boundsOf(anchors[0], excerpts, createRandom(1));

  it("lie where noise and music do", () => {
    const { floor, ceiling, ceilingP95, power } = of(64);
    expect(floor).toBeCloseTo(30, 0);
    expect(ceiling).toBeLessThan(0.5);
    expect(ceilingP95).toBeGreaterThan(ceiling);
    expect(power).toBeCloseTo(Math.log2(floor / ceilingP95), 9);
  });

  it("are of as many excerpts: few of them lie further from the reference", () => {
    expect(of(8).ceiling).toBeGreaterThan(1.5 * of(128).ceiling);
  });

  it("have no power where noise does as well as music", () => {
    expect(boundsOf(anchors[1], 64, createRandom(1)).power).toBe(0);
  });
});

describe("the score", () => {
  it("is near 100 for music, 0 for noise, half for what lies half way", () => {
    expect(score(60).score.value).toBeGreaterThan(98);
    expect(score(90).score.value).toBeLessThan(2);
    expect(score(200).score.value).toBe(0);
    expect(score(75).score.value).toBeGreaterThan(45);
    expect(score(75).score.value).toBeLessThan(55);
  });

  it("leaves metrics out of account that cannot tell music from noise", () => {
    const [telling, blind] = score(60).metrics;
    expect([telling.weight, blind.weight]).toEqual([1, 0]);
  });

  it("has intervals that hold it, and that hold the truth about as often as they say", () => {
    const trials = 60;
    const { metric, reference } = anchors[0];
    const truth = metric.distance(metric.gather(around(75, 20_000, "truth")), reference);
    const held = Array.from({ length: trials }, (_, i) => {
      const { distance } = score(75, 64, `trial ${i}`).metrics[0];
      expect(distance.low).toBeLessThanOrEqual(distance.value);
      expect(distance.high).toBeGreaterThanOrEqual(distance.value);
      return distance.low <= truth && truth <= distance.high;
    }).filter(Boolean).length;
    expect(held).toBeGreaterThan(0.85 * trials);
  });

  it("has narrower intervals for more excerpts", () => {
    const width = (count: number) => {
      const { low, high } = score(75, count).score;
      return high - low;
    };
    expect(width(256)).toBeLessThan(0.7 * width(32));
  });

  it("is the same for the same seed, draw by draw", () => {
    expect(score(70)).toEqual(score(70));
    expect(score(70).resampled).not.toEqual(score(70, 64, "other").resampled);
  });
});
