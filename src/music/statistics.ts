/** @file A performance described in numbers: plain JSON, rounded nowhere, finite for silence as for a dense page. */

import { meanOf } from "../util/statistics.ts";
import { estimateKey, type Key } from "./key.ts";
import type { Column, Performance } from "./performance.ts";
import { pitchClass, pitchClassNames, pitchName } from "./pitch.ts";
import { type PedalsUse, type Polyphony, pedalsUseOf, polyphonyOf } from "./sounding.ts";

/** Bin `i` counts values from `edges[i]` up to, but without, `edges[i + 1]`; the outer bins also what lies beyond. */
export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

export interface NamedPitch {
  readonly pitch: number;
  readonly name: string;
}

/** Drums count as notes; they have no part in what is said of pitches. */
export interface PerformanceDescription {
  readonly notes: number;
  /** Seconds. */
  readonly duration: number;
  /** Over at least one second, so that an instant has a rate too. */
  readonly notesPerSecond: number;
  /** Null without pitched notes. */
  readonly pitchRange: { readonly lowest: NamedPitch; readonly highest: NamedPitch } | null;
  /** Null without pitched notes, or with all pitch classes alike. */
  readonly key: Key | null;
  readonly pitchClasses: readonly { readonly name: string; readonly notes: number }[];
  /** Zeros for silence. `standardDeviation` is that of the whole, not of a sample. */
  readonly velocity: {
    readonly mean: number;
    readonly standardDeviation: number;
    readonly histogram: Histogram;
  };
  /** Notes per second in equal slices: at most 60, none shorter than a second. */
  readonly densityOverTime: { readonly sliceSeconds: number; readonly notesPerSecond: readonly number[] };
  /** Seconds from one onset to the next. What is under 5 ms is a chord, and counts as `simultaneous` instead. */
  readonly interOnsetInterval: { readonly simultaneous: number; readonly histogram: Histogram };
  /** Seconds that keys are held. */
  readonly noteDuration: { readonly mean: number; readonly histogram: Histogram };
  readonly polyphony: Polyphony;
  readonly pedals: PedalsUse;
  readonly instruments: readonly {
    readonly name: string;
    readonly program: number;
    readonly isDrum: boolean;
    readonly channel: number;
    readonly notes: number;
  }[];
}

const shortestInterval = 0.005;
const velocityEdges = Array.from({ length: 33 }, (_, i) => 1 + 4 * i);
const intervalEdges = logarithmicEdges(shortestInterval, 2, 24);
const durationEdges = logarithmicEdges(0.02, 10, 24);

export function describePerformance(performance: Performance): PerformanceDescription {
  const { notes, duration } = performance;
  return {
    notes: notes.count,
    duration,
    notesPerSecond: notes.count / Math.max(1, duration),
    ...describePitches(performance),
    velocity: describeVelocity(notes.velocity),
    densityOverTime: densityOverTime(notes.start, duration),
    interOnsetInterval: describeIntervals(notes.start),
    noteDuration: describeDurations(notes.start, notes.end),
    polyphony: polyphonyOf(performance),
    pedals: pedalsUseOf(performance),
    instruments: countInstruments(performance),
  };
}

function describePitches(performance: Performance) {
  const { notes, instruments } = performance;
  const counts = new Array<number>(12).fill(0);
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < notes.count; i++) {
    if (instruments[notes.instrument[i]].isDrum) continue;
    counts[pitchClass(notes.pitch[i])]++;
    lowest = Math.min(lowest, notes.pitch[i]);
    highest = Math.max(highest, notes.pitch[i]);
  }
  return {
    pitchRange: lowest <= highest ? { lowest: named(lowest), highest: named(highest) } : null,
    key: estimateKey(performance) ?? null,
    pitchClasses: counts.map((count, i) => ({ name: pitchClassNames[i], notes: count })),
  };
}

function named(pitch: number): NamedPitch {
  return { pitch, name: pitchName(pitch) };
}

function describeVelocity(velocity: Column) {
  const values = Array.from(velocity);
  const mean = meanOf(values);
  const variance = meanOf(values.map((value) => (value - mean) ** 2));
  return { mean, standardDeviation: Math.sqrt(variance), histogram: histogramOf(values, velocityEdges) };
}

function densityOverTime(starts: Column, duration: number) {
  const slices = Math.min(60, Math.max(1, Math.floor(duration)));
  const sliceSeconds = Math.max(1, duration) / slices;
  const counts = new Array<number>(slices).fill(0);
  for (let i = 0; i < starts.length; i++) {
    counts[Math.min(slices - 1, Math.floor(starts[i] / sliceSeconds))]++;
  }
  return { sliceSeconds, notesPerSecond: counts.map((count) => count / sliceSeconds) };
}

function describeIntervals(starts: Column) {
  const intervals = Array.from(starts, (start, i) => start - starts[i - 1]).slice(1);
  const apart = intervals.filter((interval) => interval >= shortestInterval);
  return { simultaneous: intervals.length - apart.length, histogram: histogramOf(apart, intervalEdges) };
}

function describeDurations(starts: Column, ends: Column) {
  const durations = Array.from(ends, (end, i) => end - starts[i]);
  return { mean: meanOf(durations), histogram: histogramOf(durations, durationEdges) };
}

function countInstruments({ notes, instruments }: Performance) {
  const counts = new Array<number>(instruments.length).fill(0);
  for (let i = 0; i < notes.count; i++) counts[notes.instrument[i]]++;
  return instruments.map(({ name, program, isDrum, channel }, i) => {
    return { name, program, isDrum, channel, notes: counts[i] };
  });
}

function logarithmicEdges(first: number, last: number, bins: number): readonly number[] {
  return Array.from({ length: bins + 1 }, (_, i) => first * (last / first) ** (i / bins));
}

function histogramOf(values: readonly number[], edges: readonly number[]): Histogram {
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const value of values) counts[binOf(value, edges)]++;
  return { edges, counts };
}

/** The last bin that begins at or before the value, by bisection. */
function binOf(value: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (edges[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
