/** @file Time cut into equal columns: how deep a pedal is held in each, and how many notes begin in it. */

import type { Performance } from "../music/performance.ts";
import type { TimeSpan } from "./time.ts";

/**
 * Mean depth of a pedal in each column, 0 to 1. Where several channels have the pedal, the deepest counts.
 * Undefined if it is never touched in the whole performance.
 */
export function pedalDepth(
  { pedals }: Performance,
  controller: number,
  { from, to }: TimeSpan,
  columns: number,
): readonly number[] | undefined {
  const scale = columns / (to - from);
  const depths = new Array<number>(columns).fill(0);
  const held = new Map<number, number>();
  let depth = 0;
  let since = 0;
  let touched = false;
  const hold = (until: number) => {
    if (depth > 0) spread(depths, (since - from) * scale, (until - from) * scale, depth / 127);
    since = until;
  };
  for (let i = 0; i < pedals.count; i++) {
    if (pedals.controller[i] !== controller) continue;
    hold(pedals.time[i]);
    held.set(pedals.channel[i], pedals.value[i]);
    depth = Math.max(...held.values());
    touched ||= depth > 0;
  }
  hold(Math.max(since, to));
  return touched ? depths : undefined;
}

/** Adds a value to the columns between two places, to the outer ones by the share that is covered. */
function spread(columns: number[], from: number, to: number, value: number): void {
  for (let i = Math.max(0, Math.floor(from)); i < Math.min(columns.length, to); i++) {
    columns[i] += value * (Math.min(to, i + 1) - Math.max(from, i));
  }
}

/** How many notes begin in each column. */
export function onsetCounts(
  { notes }: Performance,
  { from, to }: TimeSpan,
  columns: number,
): readonly number[] {
  const counts = new Array<number>(columns).fill(0);
  for (let i = 0; i < notes.count; i++) {
    if (notes.start[i] < from || notes.start[i] > to) continue;
    counts[Math.min(columns - 1, Math.floor(((notes.start[i] - from) / (to - from)) * columns))]++;
  }
  return counts;
}

/** Mean velocity of the notes that begin in each column, 0 where none does. */
export function meanVelocities(
  performance: Performance,
  { from, to }: TimeSpan,
  columns: number,
): readonly number[] {
  const { notes } = performance;
  const sums = new Array<number>(columns).fill(0);
  for (let i = 0; i < notes.count; i++) {
    if (notes.start[i] < from || notes.start[i] > to) continue;
    sums[Math.min(columns - 1, Math.floor(((notes.start[i] - from) / (to - from)) * columns))] +=
      notes.velocity[i];
  }
  const counts = onsetCounts(performance, { from, to }, columns);
  return sums.map((sum, i) => (counts[i] > 0 ? sum / counts[i] : 0));
}
