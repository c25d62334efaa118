/** @file Many pieces described as one: counts added, shares weighted by time. */
import type { Histogram, PerformanceDescription } from "../../music/index.ts";

export interface JointMusic {
  readonly pieces: number;
  readonly notes: number;
  readonly seconds: number;
  readonly notesPerSecond: number;
  readonly pitchRange: PerformanceDescription["pitchRange"];
  readonly pitchClasses: PerformanceDescription["pitchClasses"];
  /** Pieces by their estimated key, most frequent first. */
  readonly keys: readonly { readonly key: string; readonly pieces: number }[];
  readonly velocity: { readonly mean: number; readonly histogram: Histogram };
  readonly interOnsetInterval: { readonly simultaneous: number; readonly histogram: Histogram };
  readonly noteDuration: { readonly mean: number; readonly histogram: Histogram };
  readonly polyphony: { readonly timeShares: readonly number[] };
  readonly pedal: {
    /** Pieces in which the sustain pedal is touched. */
    readonly pieces: number;
    /** Share of all time in which it is down. */
    readonly downShare: number;
  };
}

const nothing: Histogram = { edges: [], counts: [] };

export function joinMusic(all: readonly PerformanceDescription[]): JointMusic {
  const notes = sum(all.map((each) => each.notes));
  const seconds = sum(all.map((each) => each.duration));
  const perNote = (value: (each: PerformanceDescription) => number) =>
    notes > 0 ? sum(all.map((each) => value(each) * each.notes)) / notes : 0;
  const perSecond = (value: (each: PerformanceDescription) => number) =>
    seconds > 0 ? sum(all.map((each) => value(each) * each.duration)) / seconds : 0;
  return {
    pieces: all.length,
    notes,
    seconds,
    notesPerSecond: notes / Math.max(1, seconds),
    pitchRange: joinRanges(all),
    pitchClasses: (all.at(0)?.pitchClasses ?? []).map(({ name }, i) => {
      return { name, notes: sum(all.map((each) => each.pitchClasses[i].notes)) };
    }),
    keys: countKeys(all),
    velocity: {
      mean: perNote((each) => each.velocity.mean),
      histogram: addHistograms(all.map((each) => each.velocity.histogram)),
    },
    interOnsetInterval: {
      simultaneous: sum(all.map((each) => each.interOnsetInterval.simultaneous)),
      histogram: addHistograms(all.map((each) => each.interOnsetInterval.histogram)),
    },
    noteDuration: {
      mean: perNote((each) => each.noteDuration.mean),
      histogram: addHistograms(all.map((each) => each.noteDuration.histogram)),
    },
    polyphony: {
      timeShares: (all.at(0)?.polyphony.timeShares ?? []).map((_, i) =>
        perSecond((each) => each.polyphony.timeShares[i]),
      ),
    },
    pedal: {
      pieces: all.filter((each) => each.pedals.sustain.movements > 0).length,
      downShare: perSecond((each) => each.pedals.sustain.downShare),
    },
  };
}

/** All descriptions have the same bins. */
function addHistograms(all: readonly Histogram[]): Histogram {
  const [first = nothing] = all;
  return {
    edges: first.edges,
    counts: first.counts.map((_, bin) => sum(all.map(({ counts }) => counts[bin]))),
  };
}

function joinRanges(all: readonly PerformanceDescription[]): PerformanceDescription["pitchRange"] {
  const ranges = all.flatMap(({ pitchRange }) => (pitchRange ? [pitchRange] : []));
  if (ranges.length === 0) return null;
  return ranges.reduce((a, b) => ({
    lowest: b.lowest.pitch < a.lowest.pitch ? b.lowest : a.lowest,
    highest: b.highest.pitch > a.highest.pitch ? b.highest : a.highest,
  }));
}

function countKeys(all: readonly PerformanceDescription[]): JointMusic["keys"] {
  const counts = new Map<string, number>();
  for (const { key } of all) if (key) counts.set(key.name, (counts.get(key.name) ?? 0) + 1);
  return [...counts]
    .map(([key, pieces]) => ({ key, pieces }))
    .sort((a, b) => b.pieces - a.pieces || (a.key < b.key ? -1 : 1));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
