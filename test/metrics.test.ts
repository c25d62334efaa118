/** @file Metrics: their laws, an example that scores low and one that scores high, and the page that tells of both. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { earthMovers, jensenShannon, type MetricName, metrics, openMetric } from "../src/metrics/index.ts";
import { createPerformance, type Performance } from "../src/music/index.ts";
import { preludeInC } from "./music/tunes.ts";
import { metricLaws } from "./suites/metric.ts";

interface Shape {
  readonly pitch?: number;
  readonly velocity?: number;
  /** Seconds to the next note. */
  readonly step?: number;
  readonly seconds?: number;
}

/** So many notes, each as `shape` says, one after the other. */
function line(count: number, shape: (i: number) => Shape, pedal?: number): Performance {
  let at = 0;
  return createPerformance({
    notes: Array.from({ length: count }, (_, i) => {
      const { pitch = 60, velocity = 64, step = 0.25, seconds = step } = shape(i);
      const start = at;
      at += step;
      return { start, end: start + seconds, pitch, velocity };
    }),
    ...(pedal !== undefined && { pedals: [{ time: 0, controller: 64, value: pedal }] }),
  });
}

/** Chords of three, a step apart. */
const chords = (root: number, ...above: readonly number[]) =>
  line(60, (i) => ({ pitch: root + [0, ...above][i % 3], step: i % 3 === 2 ? 0.5 : 0, seconds: 0.5 }));

const major = [0, 2, 4, 5, 7, 9, 11, 12];
const scale = (tonic: number) => line(64, (i) => ({ pitch: tonic + major[i % 8] }));
const steady = (step: number) => line(64, () => ({ step }));
/** Sixteen notes after one another without a pattern in them. */
const wandering = (i: number) => 60 + ((i * i * 7 + 3 * i) % 23) + (i % 5);

/**
 * An example that scores low, one that scores high, and how much: the numbers of the page. Distributions are measured against a
 * set of their own, other metrics say what they are.
 */
const examples: Readonly<
  Record<
    MetricName,
    {
      readonly reference?: Performance;
      readonly low: readonly [Performance, number];
      readonly high: readonly [Performance, number];
    }
  >
> = {
  "harmonic-interval": {
    reference: chords(60, 4, 7),
    low: [chords(62, 4, 7), 0],
    high: [chords(60, 1, 2), 1],
  },
  "onset-interval": {
    reference: scale(60),
    low: [scale(67), 0],
    high: [line(64, (i) => ({ pitch: 60 + 6 * (i % 2) })), 1],
  },
  "inter-onset": { reference: steady(0.25), low: [scale(60), 0], high: [steady(1), 1] },
  duration: {
    reference: steady(0.25),
    low: [scale(60), 0],
    high: [line(64, () => ({ seconds: 0.03 })), 1],
  },
  "velocity-change": {
    reference: line(64, (i) => ({ velocity: 50 + 10 * (i % 2) })),
    low: [line(64, (i) => ({ velocity: 80 + 10 * (i % 2) })), 0],
    high: [scale(60), 1],
  },
  polyphony: {
    reference: chords(60, 4, 7),
    low: [chords(50, 1, 2), 0],
    high: [scale(60), 1],
  },
  "pitch-class-entropy": {
    low: [line(48, (i) => ({ pitch: 60 + 12 * (i % 2) })), 0],
    high: [line(48, (i) => ({ pitch: 60 + (i % 12) })), Math.log2(12)],
  },
  "scale-consistency": { low: [line(48, (i) => ({ pitch: 60 + (i % 12) })), 7 / 12], high: [scale(62), 1] },
  "key-stability": {
    low: [line(256, (i) => ({ pitch: 60 + 6 * ((i >> 6) % 2) + major[i % 8] })), 0],
    high: [line(256, (i) => ({ pitch: 60 + major[i % 8] })), 1],
  },
  density: { low: [steady(2), 64 / 126], high: [steady(0.05), 64 / 3.15] },
  "mean-velocity": {
    low: [line(64, () => ({ velocity: 30 })), 30],
    high: [line(64, () => ({ velocity: 100 })), 100],
  },
  "velocity-spread": {
    low: [scale(60), 0],
    high: [line(64, (i) => ({ velocity: 40 + 40 * (i % 2) })), 20],
  },
  "pedal-use": { low: [line(8, () => ({}), 0), 0], high: [line(8, () => ({}), 127), 1] },
  "tempo-curve": {
    low: [steady(0.25), 0],
    high: [line(65, (i) => ({ step: (i >> 3) % 2 === 0 ? 0.25 : 0.5 })), 1],
  },
  "self-similarity": {
    low: [line(512, (i) => ({ pitch: 60 + ((i >> 5) % 12) })), 0],
    high: [line(512, (i) => ({ pitch: 60 + major[i % 8] })), 1],
  },
  repetition: {
    low: [line(12, (i) => ({ pitch: 40 + (i * (i + 1)) / 2 })), 0],
    high: [line(105, (i) => ({ pitch: 60 + 12 * (i % 2) })), 0.98],
  },
  compression: { low: [steady(0.25), 0.6], high: [line(64, (i) => ({ pitch: wandering(i) })), 3.7] },
  "pitch-class": { reference: scale(60), low: [scale(72), 0], high: [line(64, () => ({ pitch: 61 })), 1] },
  pitch: { reference: scale(60), low: [scale(60), 0], high: [scale(73), 1] },
  velocity: {
    reference: scale(60),
    low: [steady(0.25), 0],
    high: [line(64, () => ({ velocity: 80 })), 1],
  },
};

for (const name of Object.keys(metrics)) metricLaws(name, () => openMetric(name));

describe("examples", () => {
  const page = readFileSync(new URL("../docs/reference/metrics.md", import.meta.url), "utf8");

  test.each(Object.entries(examples))("%s", (name, { reference, low, high }) => {
    const metric = openMetric(name);
    const score = (excerpt: Performance) =>
      reference === undefined
        ? metric.describe(excerpt)[0]
        : metric.distance(
            metric.gather([metric.describe(excerpt)]),
            metric.gather([metric.describe(reference)]),
          );
    for (const [excerpt, expected] of [low, high]) expect(score(excerpt)).toBeCloseTo(expected, 2);
    const section = page.split(/^### /m).find((each) => each.startsWith(`\`${name}\``));
    for (const [, expected] of [low, high]) expect(section).toContain(`**${Number(expected.toFixed(2))}**`);
  });
});

describe("opening", () => {
  test.each(Object.entries(metrics))("%s says what it is", (name, definition) => {
    expect(definition.name).toBe(name);
    expect(definition.summary).toMatch(/^[A-Z].*[^.]$/);
    const { properties } = definition.schema;
    for (const option of Object.values(properties ?? {})) {
      expect(option).toMatchObject({ description: expect.any(String), default: expect.anything() });
    }
  });

  test("those that count say what their bins stand for, and no others", () => {
    for (const name of Object.keys(metrics)) {
      const { axis, describe, gather } = openMetric(name);
      const tune = describe(preludeInC);
      // What counts adds up; what measures keeps the numbers of both.
      const counts = gather([tune, tune]).length === tune.length;
      expect(axis !== undefined, name).toBe(counts);
      for (const { at } of axis?.ticks ?? []) {
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThanOrEqual(tune.length);
      }
    }
  });

  test.each([
    ["densty", undefined, "UsageError", /^found metric "densty", .*; did you mean "density"\?$/],
    ["duration", { bins: 1 }, "ConfigError", /^metric duration, `bins`: /],
    ["density", { window: 3 }, "ConfigError", /^metric density, its configuration: .*window/],
  ])("%s with %j: %s", (name, config, error, message) => {
    expect(() => openMetric(name, config)).toThrow(
      expect.objectContaining({ name: error, message: expect.stringMatching(message), exitCode: 2 }),
    );
  });
});

describe("distances", () => {
  test("Jensen and Shannon's divergence, by hand", () => {
    // (1/2, 1/2) and (1, 0): the middle is (3/4, 1/4).
    const expected =
      0.5 * (0.5 * Math.log2(0.5 / 0.75) + 0.5 * Math.log2(0.5 / 0.25)) + 0.5 * Math.log2(1 / 0.75);
    expect(jensenShannon(Float64Array.of(2, 2), Float64Array.of(5, 0))).toBeCloseTo(expected, 12);
    expect(jensenShannon(Float64Array.of(0, 0), Float64Array.of(0, 0))).toBe(0);
    expect(jensenShannon(Float64Array.of(0, 0), Float64Array.of(0, 3))).toBe(1);
  });

  test("the earth mover's distance, by hand, for sets of any size", () => {
    expect(earthMovers(Float64Array.of(0, 1, 2), Float64Array.of(3, 4, 5))).toBeCloseTo(3, 12);
    expect(earthMovers(Float64Array.of(0, 1), Float64Array.of(0, 0, 1, 1))).toBeCloseTo(0, 12);
    // A third of the mass goes from 0 to 1, a sixth from 1 to 0 less than that: quantiles 0|0|1 against 0|1.
    expect(earthMovers(Float64Array.of(0, 0, 1), Float64Array.of(0, 1))).toBeCloseTo(1 / 6, 12);
    expect(earthMovers(Float64Array.of(7), Float64Array.of(1, 3, 5))).toBeCloseTo(4, 12);
  });
});
