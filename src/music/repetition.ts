/** @file Repetition: how much of a row of pitches was there before, and how often it goes round in a circle. */
import type { Column } from "./performance.ts";

/** Share of the runs of `length` pitches that came before in the same order; 0 where there are none. */
export function repeatedShare(pitches: Column, length: number): number {
  const seen = new Set<string>();
  const all = Array.from(pitches);
  const count = all.length - length + 1;
  for (let i = 0; i < count; i++) seen.add(all.slice(i, i + length).join());
  return count > 0 ? 1 - seen.size / count : 0;
}

/** How many equal pitches follow on one another at most. */
export function longestRun(pitches: Column): number {
  return mostTurns(pitches, 1);
}

/**
 * How often, at most, `length` pitches are heard one time right after the other: 1 where nothing is repeated, 0 where there
 * are fewer pitches. Circles within a circle count as well: a trill of 16 notes is two turns of eight.
 */
export function mostTurns(pitches: Column, length: number): number {
  if (pitches.length < length) return 0;
  let longest = 0;
  let repeated = 0;
  for (let i = length; i < pitches.length; i++) {
    repeated = pitches[i] === pitches[i - length] ? repeated + 1 : 0;
    longest = Math.max(longest, repeated);
  }
  return 1 + Math.floor(longest / length);
}
