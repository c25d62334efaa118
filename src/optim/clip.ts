/**
 * @file Clipping by the global norm: gradients keep their direction and lose what is too long.
 *
 * Source: Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural networks" (ICML 2013).
 */
import { invariant } from "../util/errors.ts";
import type { Parameters } from "../util/parameters.ts";
import { NonFiniteGradientError } from "./error.ts";

export interface Clipping {
  /** Length of all gradients together, before clipping. */
  readonly norm: number;
  /** What the gradients are to be multiplied by, at most 1: the `gradientScale` of an update. */
  readonly scale: number;
}

/**
 * How much the gradients have to shrink so that their global norm is `maximumNorm` at most. They themselves stay as
 * they are: the optimiser multiplies them while it reads them, which saves a pass over the memory.
 *
 * @param maximumNorm above 0; Infinity clips nothing and still looks for NaN.
 * @throws NonFiniteGradientError naming the first parameter whose gradient holds NaN or an infinity.
 */
export function clipByGlobalNorm(gradients: Parameters, maximumNorm: number): Clipping {
  invariant(maximumNorm > 0, "gradients are clipped to a norm above 0");
  const norm = globalNorm(gradients);
  return { norm, scale: norm > maximumNorm ? maximumNorm / norm : 1 };
}

/**
 * The Euclidean length of all gradients taken as one vector, summed in float64 in a single pass.
 *
 * @throws NonFiniteGradientError naming the first parameter, in the order of the record, whose gradient holds NaN or
 * an infinity.
 */
export function globalNorm(gradients: Parameters): number {
  let squares = 0;
  for (const [name, { data }] of Object.entries(gradients)) {
    const sum = sumOfSquares(data);
    // Squares of finite float32 numbers do not overflow float64, however many: only NaN and infinity end here.
    if (!Number.isFinite(sum)) throw nonFinite(name, data);
    squares += sum;
  }
  return Math.sqrt(squares);
}

/** Four sums at a time, for an addition has to wait for the one before it. */
function sumOfSquares(data: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = data.length - (data.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += data[i] * data[i];
    b += data[i + 1] * data[i + 1];
    c += data[i + 2] * data[i + 2];
    d += data[i + 3] * data[i + 3];
  }
  for (let i = whole; i < data.length; i++) a += data[i] * data[i];
  return a + b + (c + d);
}

function nonFinite(name: string, data: Float32Array): NonFiniteGradientError {
  const index = data.findIndex((value) => !Number.isFinite(value));
  return new NonFiniteGradientError(
    `found ${data[index]} at index ${index} in the gradient of "${name}", expected finite numbers: ` +
      "go back to the last checkpoint with a lower learning rate, or look for what the batch divides by zero",
    name,
  );
}
