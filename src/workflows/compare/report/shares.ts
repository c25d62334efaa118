/** @file What a metric says of several sets, as shares of the same bins: its own where it counts, common ones where it measures. */
import type { BinAxis, Metric } from "../../../metrics/index.ts";
import { type Extent, extentOf, numberTicks } from "../../../plot/axis.ts";
import { quantileOf } from "../../../util/statistics.ts";

export interface Shares {
  readonly label: string;
  /** 0 is where the first bin begins, 1 where the second does. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly bins: number;
  /** In the order of the sets; those of a set sum to 1. */
  readonly sets: readonly (readonly number[])[];
}

/** Bins of values: few enough that so many excerpts fill them. */
const valueBins = 16;
/** Values beyond are counted at the ends: one excerpt shall not squeeze all others. */
const tail = 0.005;
/** Bins at either end in which no set has as much are left out. */
const leastShare = 0.0005;

/** @param sets as `metric.gather` put them together */
export function sharesOf(metric: Metric, sets: readonly Float64Array[]): Shares {
  const { axis, unit } = metric;
  return axis === undefined ? measuredShares(unit, sets) : countedShares(axis, sets);
}

function countedShares({ label, ticks }: BinAxis, sets: readonly Float64Array[]): Shares {
  const shares = sets.map(shareOut);
  const bins = sets[0].length;
  const isFilled = (i: number) => shares.some((each) => each[i] >= leastShare);
  const filled = Array.from({ length: bins }, (_, i) => i).filter(isFilled);
  const [from, to] = [filled.at(0) ?? 0, (filled.at(-1) ?? bins - 1) + 1];
  return {
    label,
    ticks: ticks
      .filter(({ at }) => at >= from && at <= to)
      .map((tick) => ({ at: tick.at - from, label: tick.label })),
    bins: to - from,
    sets: shares.map((each) => each.slice(from, to)),
  };
}

function measuredShares(unit: string, sets: readonly Float64Array[]): Shares {
  const extent = sharedExtent(sets);
  const atOf = (value: number) => ((value - extent.from) / (extent.to - extent.from)) * valueBins;
  return {
    label: unit,
    ticks: numberTicks(extent, 7).map(({ value, label }) => ({ at: atOf(value), label })),
    bins: valueBins,
    sets: sets.map((values) => {
      const counts = new Float64Array(valueBins);
      for (const value of values) {
        counts[Math.min(valueBins - 1, Math.max(0, Math.floor(atOf(value))))]++;
      }
      return shareOut(counts);
    }),
  };
}

function sharedExtent(sets: readonly Float64Array[]): Extent {
  const ends = sets.flatMap((values) => {
    const sorted = values.slice().sort();
    return [quantileOf(sorted, tail), quantileOf(sorted, 1 - tail)];
  });
  return extentOf(ends, 0.02);
}

function shareOut(counts: Float64Array): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Array.from(counts, (count) => (total > 0 ? count / total : 0));
}
