/** @file What the bins of a distribution stand for, for whoever draws them. */

/** An axis under bins: 0 is where the first of them begins, 1 where the second does. */
export interface BinAxis {
  readonly label: string;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** Bins of one number each, the first of `first`; named at multiples of `step`. */
export function countedAxis(label: string, bins: number, step: number, first = 0): BinAxis {
  const numbers = Array.from({ length: bins }, (_, i) => first + i);
  return {
    label,
    ticks: numbers.flatMap((number, i) => (number % step === 0 ? [{ at: i + 0.5, label: `${number}` }] : [])),
  };
}

/** A name in the middle of each bin. */
export const namedAxis = (label: string, names: readonly string[]): BinAxis => ({
  label,
  ticks: names.map((name, i) => ({ at: i + 0.5, label: name })),
});

const roundSeconds = [0.001, 0.005, 0.02, 0.05, 0.2, 0.5, 2, 5, 10, 60];

/** Bins of equal ratio, as `logarithmicBin` finds them. */
export function logarithmicSeconds(first: number, last: number, bins: number): BinAxis {
  return {
    label: "seconds, in equal ratios",
    ticks: roundSeconds
      .filter((seconds) => seconds >= first && seconds <= last)
      .map((seconds) => ({
        // The last may come out a rounding above the end.
        at: Math.min(bins, (bins * Math.log(seconds / first)) / Math.log(last / first)),
        label: `${seconds}`,
      })),
  };
}
