/** @file Rotary positions (Su et al. 2021): pairs of features turned by an angle that grows with the position. */
import { rotaryEmbedding } from "../graph/operators/index.ts";
import { constant, type Tensor } from "../graph/tensor.ts";

export interface RotaryTables {
  /** `[positions, headSize / 2]` */
  readonly cosines: Tensor;
  readonly sines: Tensor;
}

/** Angles position / base^(2i / headSize), as constants of the graph. */
export function rotaryTables(positions: number, headSize: number, base = 10_000): RotaryTables {
  return tablesOf(positions, headSize / 2, (position, i) => position / base ** ((2 * i) / headSize));
}

/**
 * The same, but that after `circle` positions all angles come again: each frequency is rounded to a whole number of turns
 * in that time. So a position may be replaced by any other that lies a number of circles away, and there is no last one.
 * Pairs slower than half a turn in a circle are not turned at all.
 */
export function circularTables(
  positions: number,
  headSize: number,
  circle: number,
  base = 10_000,
): RotaryTables {
  const turns = (i: number) => Math.round(circle / (2 * Math.PI * base ** ((2 * i) / headSize)));
  // Whole numbers until the end: a later circle has the bits of the first.
  return tablesOf(
    positions,
    headSize / 2,
    (position, i) => (2 * Math.PI * ((position * turns(i)) % circle)) / circle,
  );
}

function tablesOf(
  positions: number,
  half: number,
  angle: (position: number, i: number) => number,
): RotaryTables {
  const table = (of: (angle: number) => number) => {
    const values = new Float32Array(positions * half);
    for (let i = 0; i < values.length; i++) values[i] = of(angle(Math.floor(i / half), i % half));
    return constant(values, { shape: [positions, half] });
  };
  return { cosines: table(Math.cos), sines: table(Math.sin) };
}

/** @param x `[B, heads, T, headSize]` @param positions int64 `[B, T]`, or `[1]`: where the first one stands */
export function rotate(x: Tensor, positions: Tensor, { cosines, sines }: RotaryTables): Tensor {
  return rotaryEmbedding(x, positions, cosines, sines);
}
