/** @file Tempo maps: from quarters to seconds and back. */

/** From `quarter` on, a quarter lasts `secondsPerQuarter`. */
export interface TempoChange {
  readonly quarter: number;
  readonly secondsPerQuarter: number;
}

/** Changes in order, the first at quarter 0; each also knows its place in seconds. */
export type TempoMap = readonly (TempoChange & { readonly second: number })[];

/** 120 quarters a minute: what the MIDI specification assumes where nothing is said. */
export const defaultSecondsPerQuarter = 0.5;

/** A tempo map from changes in any order; of several at one place the last one given counts. */
export function createTempoMap(changes: readonly TempoChange[]): TempoMap {
  const sorted = changes.toSorted((a, b) => a.quarter - b.quarter);
  const map = [{ quarter: 0, second: 0, secondsPerQuarter: defaultSecondsPerQuarter }];
  for (const { quarter, secondsPerQuarter } of sorted) {
    const last = map[map.length - 1];
    if (secondsPerQuarter === last.secondsPerQuarter) continue;
    const second = last.second + (quarter - last.quarter) * last.secondsPerQuarter;
    if (quarter <= last.quarter) map[map.length - 1] = { ...last, secondsPerQuarter };
    else map.push({ quarter, second, secondsPerQuarter });
  }
  return Object.freeze(map.map((change) => Object.freeze(change)));
}

/** Where a place in quarters falls in seconds. */
export function secondsAt(map: TempoMap, quarter: number): number {
  const change = lastChange(map, (candidate) => candidate.quarter <= quarter);
  return change.second + (quarter - change.quarter) * change.secondsPerQuarter;
}

/** Where a time in seconds falls in quarters. */
export function quartersAt(map: TempoMap, second: number): number {
  const change = lastChange(map, (candidate) => candidate.second <= second);
  return change.quarter + (second - change.second) / change.secondsPerQuarter;
}

function lastChange(map: TempoMap, holds: (change: TempoMap[number]) => boolean): TempoMap[number] {
  let low = 0;
  let high = map.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (holds(map[middle])) low = middle;
    else high = middle - 1;
  }
  return map[low];
}
