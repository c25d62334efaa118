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
  const half = headSize / 2;
  const table = (of: (angle: number) => number) => {
    const values = new Float32Array(positions * half);
    for (let i = 0; i < values.length; i++) {
      values[i] = of(Math.floor(i / half) / base ** ((2 * (i % half)) / headSize));
    }
    return constant(values, { shape: [positions, half] });
  };
  return { cosines: table(Math.cos), sines: table(Math.sin) };
}

/** @param x `[B, heads, T, headSize]` @param positions int64 `[B, T]`, or `[1]`: where the first one stands */
export function rotate(x: Tensor, positions: Tensor, { cosines, sines }: RotaryTables): Tensor {
  return rotaryEmbedding(x, positions, cosines, sines);
}
