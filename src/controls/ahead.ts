/** @file What lies in the next seconds of each token: sums over a window that slides, in one walk through the piece. */
import type { Timeline } from "../representations/index.ts";

/**
 * Whether a value is computed at this token, rather than repeated from the one before: only where time has moved on,
 * so that the notes of a chord share one value.
 */
export function beginsMoment({ steps }: Timeline, token: number): boolean {
  return token === 0 || steps[token - 1] > 0;
}

/** Sums over a window, and the time that it covers: with the shift that passes its end, at most `window` steps counted. */
export interface Ahead {
  /** Steps of 10 ms. */
  readonly elapsed: number;
  readonly sums: Float64Array;
}

/**
 * Values of all tokens, `[tokens × size]`, from what the window ahead of each holds.
 *
 * @param window steps of 10 ms
 * @param columns numbers by token, each of which is summed
 * @param write fills the row of a moment, which is zeros; the tokens that happen at one time share it
 */
export function valuesAhead(
  timeline: Timeline,
  window: number,
  columns: readonly ArrayLike<number>[],
  size: number,
  write: (row: Float32Array, ahead: Ahead) => void,
): Float32Array {
  const { steps } = timeline;
  const count = steps.length;
  const values = new Float32Array(count * size);
  const sums = new Float64Array(columns.length);
  // In the window are tokens from the one in hand up to, but without, `end`.
  let end = 0;
  let elapsed = 0;
  for (let i = 0; i < count; i++) {
    if (beginsMoment(timeline, i)) {
      for (; elapsed < window && end < count; end++) {
        elapsed += steps[end];
        for (let c = 0; c < columns.length; c++) sums[c] += columns[c][end];
      }
      write(values.subarray(i * size, (i + 1) * size), { elapsed: Math.min(elapsed, window), sums });
    } else {
      values.copyWithin(i * size, (i - 1) * size, i * size);
    }
    elapsed -= steps[i];
    for (let c = 0; c < columns.length; c++) sums[c] -= columns[c][i];
  }
  return values;
}

/** 1 where a token strikes a key. */
export const strikes = ({ onset }: Timeline): Uint8Array =>
  Uint8Array.from(onset, (pitch) => (pitch >= 0 ? 1 : 0));
