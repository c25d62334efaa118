/** @file Grids for time: the values that a bin stands for, and the bin nearest to a value. */

/** Rising values in seconds; the index is the bin. */
export type Grid = readonly number[];

/** `count` values from `first` to `last`, each the same factor above the one before. */
export function logarithmicGrid(first: number, last: number, count: number): Grid {
  const factor = last / first;
  return Array.from({ length: count }, (_, i) => first * factor ** (i / (count - 1)));
}

/** Multiples of `step` from `first` on. */
export function linearGrid(first: number, step: number, count: number): Grid {
  const perSecond = Math.round(1 / step);
  return Array.from({ length: count }, (_, i) => (Math.round(first * perSecond) + i) / perSecond);
}

/** The bin whose value is nearest; of two equally near ones the lower. */
export function nearestBin(grid: Grid, value: number): number {
  let low = 0;
  let high = grid.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (grid[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low > 0 && value - grid[low - 1] <= grid[low] - value ? low - 1 : low;
}
