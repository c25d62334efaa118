/** @file The stretch of time that a picture shows, the ticks along it, and how seconds are written. */

import type { Performance } from "../music/performance.ts";
import { UsageError } from "../util/errors.ts";

/** Seconds; `to` is later than `from`. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

export interface Tick {
  readonly seconds: number;
  readonly label: string;
}

/** What is asked for, or all of the performance; at least a moment, so that silence has an axis too. */
export function timeSpanOf(
  performance: Performance,
  { from = 0, to }: { readonly from?: number; readonly to?: number },
): TimeSpan {
  const end = to ?? Math.max(performance.duration, from === 0 ? 1 : 0);
  if (!(from >= 0 && end > from && Number.isFinite(end))) {
    throw new UsageError(
      `The picture cannot go from ${from} s to ${end} s: give a beginning of 0 or more and a later end; ` +
        `the music lasts ${performance.duration.toFixed(1)} s.`,
    );
  }
  return { from, to: end };
}

/** Whether a note sounds, or at least begins, in the span; what begins at its end belongs to the next. */
export function isWithin({ from, to }: TimeSpan, start: number, end: number, duration: number): boolean {
  return (start < to || (start === to && to >= duration)) && (end > from || start >= from);
}

const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800];

/** Ticks at round times, at most `most` intervals of them. */
export function timeTicks({ from, to }: TimeSpan, most: number): readonly Tick[] {
  const fits = (step: number) => (to - from) / step <= most;
  const step = steps.find(fits) ?? 3600 * Math.ceil((to - from) / most / 3600);
  const decimals = step < 0.1 ? 2 : step < 1 ? 1 : 0;
  const ticks: Tick[] = [];
  for (let i = Math.ceil(from / step - 1e-6); i * step <= to + step * 1e-6; i++) {
    const label = to < 60 ? `${(i * step).toFixed(decimals)} s` : clock(i * step, decimals);
    ticks.push({ seconds: i * step, label });
  }
  return ticks;
}

/** @example clock(75) → "1:15"; clock(3661) → "1:01:01" */
export function clock(seconds: number, decimals = 0): string {
  // Rounded before it is divided, or 59.96 would be written 0:60.0.
  const unit = 10 ** decimals;
  const total = Math.round(seconds * unit) / unit;
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const rest = (total % 60).toFixed(decimals).padStart(decimals > 0 ? 3 + decimals : 2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
