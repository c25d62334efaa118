/** @file An axis of numbers: how far it reaches, its round ticks, and how they are written. */

export interface Extent {
  readonly from: number;
  /** Greater than `from`. */
  readonly to: number;
}

export interface NumberTick {
  readonly value: number;
  readonly label: string;
}

/**
 * The extent of the finite values, or 0 to 1 where there is none.
 *
 * @param margin share of the extent to be added at both ends.
 */
export function extentOf(values: readonly number[], margin = 0): Extent {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < from) from = value;
    if (value > to) to = value;
  }
  if (from > to) return { from: 0, to: 1 };
  // A line without slope needs room too.
  const room = to > from ? (to - from) * margin : Math.abs(to) * 0.1 || 1;
  return { from: from - room, to: to + room };
}

/**
 * The extent without the highest few of each list, where they take up more than half of it: as the first losses of a
 * long training do, beside which nothing else could be seen.
 */
export function focusedExtentOf(lists: readonly (readonly number[])[], margin = 0): Extent {
  const whole = extentOf(lists.flat(), margin);
  const most = lists.map((values) => {
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
    return sorted.slice(0, Math.ceil(sorted.length * 0.97));
  });
  const focused = extentOf(most.flat(), margin);
  return focused.to - focused.from < (whole.to - whole.from) / 2 ? focused : whole;
}

/** Ticks at steps of 1, 2 or 5 times a power of ten, at most `most` intervals of them. */
export function numberTicks({ from, to }: Extent, most: number): readonly NumberTick[] {
  const rough = (to - from) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const ticks: NumberTick[] = [];
  for (let i = Math.ceil(from / step - 1e-6); i * step <= to + step * 1e-6; i++) {
    // Adding zero turns -0 into 0.
    const value = i * step + 0;
    ticks.push({ value, label: formatTick(value, step, Math.max(Math.abs(from), Math.abs(to))) });
  }
  return ticks;
}

/** One unit for all of an axis: "5k", "10k"; "0.25", "0.50"; "1e-4", "2e-4". */
function formatTick(value: number, step: number, most: number): string {
  if (value === 0) return "0";
  if (step < 1e-3) return trimmedExponent(value, digitsOf(value, step));
  const [scale, unit] = most >= 1e6 ? [1e6, "M"] : most >= 1e4 ? [1e3, "k"] : [1, ""];
  return `${(value / scale).toFixed(decimalsOf(step / scale))}${unit}`;
}

/** Decimals that tell ticks apart. */
function decimalsOf(step: number): number {
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}

/** Digits after the first that a step changes. */
function digitsOf(value: number, step: number): number {
  return Math.max(0, Math.floor(Math.log10(Math.abs(value)) + 1e-9) - Math.floor(Math.log10(step) + 1e-9));
}

/** @example trimmedExponent(0.0003, 1) → "3e-4" */
function trimmedExponent(value: number, digits: number): string {
  return value.toExponential(digits).replace(/\.?0+e/, "e");
}

/** A number in a sentence, to four digits: 2.314, 0.0003, 12,345. */
export function briefly(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value !== 0 && Math.abs(value) < 1e-3) return trimmedExponent(value, 2);
  return Number(value.toPrecision(4)).toLocaleString("en", { maximumFractionDigits: 6 });
}
