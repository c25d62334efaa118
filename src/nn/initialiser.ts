/** @file How parameters begin. */
import type { Random } from "../util/random.ts";

/** Fills an array of this shape. */
export type Initialiser = (data: Float32Array, shape: readonly number[], random: Random) => void;

export const constantly =
  (value: number): Initialiser =>
  (data) => {
    data.fill(value);
  };

/** Normal with mean 0, by Box and Muller's transformation. */
export const normal =
  (deviation: number): Initialiser =>
  (data, _, random) => {
    for (let i = 0; i < data.length; i += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(1 - random.next()));
      const angle = 2 * Math.PI * random.next();
      data[i] = radius * Math.cos(angle);
      if (i + 1 < data.length) data[i + 1] = radius * Math.sin(angle);
    }
  };

export const uniform =
  (bound: number): Initialiser =>
  (data, _, random) => {
    for (let i = 0; i < data.length; i++) data[i] = bound * (2 * random.next() - 1);
  };

/** Glorot and Bengio (2010): variance 2 / (rows + columns), for a matrix `[rows, columns]`. */
export const glorotUniform: Initialiser = (data, shape, random) => {
  uniform(Math.sqrt(6 / (shape[0] + shape[1])))(data, shape, random);
};

/**
 * LeCun et al. (1998): variance 1 / rows, for a matrix `[rows, columns]`, so that what flows out varies as much as what flows
 * in. Of the rows of a one-hot vector one counts: `uniform(Math.sqrt(3))` is the same for them.
 */
export const lecunUniform: Initialiser = (data, shape, random) => {
  uniform(Math.sqrt(3 / shape[0]))(data, shape, random);
};
