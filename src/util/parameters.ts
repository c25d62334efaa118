/** @file Parameters: named arrays, `blocks.0.attention.query.weight`. Gradients and optimiser states are such records too. */

/** Numbers of one shape, row-major. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type Parameters = Readonly<Record<string, NamedArray>>;

/** How many numbers there are, over all arrays. */
export function countParameters(parameters: Parameters): number {
  return Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0);
}
