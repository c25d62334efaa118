/** @file How far back the layers of a transformer look: over all of its context, or a number of steps, and then for ever. */
import { add, div, mul, sub } from "../graph/operators/index.ts";
import { constant, type Tensor } from "../graph/tensor.ts";
import { attend, attendAfter, pastMask } from "../nn/attention.ts";
import { attendLocally, localPattern, ringMask } from "../nn/local-attention.ts";
import type { Attention, Places } from "../nn/multi-head-attention.ts";
import { circularTables, type RotaryTables, rotaryTables } from "../nn/rotary.ts";
import type { StateSpec } from "./model.ts";

/** What one layer remembers: `[B, heads, P, size]`. */
interface Remembered {
  readonly keys: Tensor;
  readonly values: Tensor;
}

/** A window's steps in time, and what they see: the same for all layers. */
export interface View {
  readonly places: Places;
  /** @param remembered of this layer, where the window goes on from a state */
  attention(remembered: Remembered | undefined): Attention;
}

export interface Span {
  /** Longest window, where there is one. */
  readonly context: number | undefined;
  /** What becomes of keys and values. */
  readonly update: StateSpec["update"];
  /**
   * @param before where the window goes on: the position int32 `[B, 1]` of its first step, and the keys that any of the
   * layers remembers
   */
  view(steps: number, before?: { readonly position: Tensor; readonly keys: Tensor }): View;
  /** The position after so many steps. */
  advance(position: Tensor, steps: number): Tensor;
}

export function wholeSpan(context: number, headSize: number): Span {
  const rotary = rotaryTables(context, headSize);
  return {
    context,
    update: { append: 2 },
    view(steps, before) {
      const mask = before && pastMask(before.keys, before.position);
      return {
        places: placesFrom(before?.position, steps, rotary),
        attention: (remembered) => (queries, keys, values) =>
          remembered && mask
            ? attendAfter({ ...remembered, mask }, queries, keys, values)
            : attend(queries, keys, values, { causal: true }),
      };
    },
    advance: add,
  };
}

/** The slowest turn is an eighth of one over the reach. */
const reachesInCircle = 8;

/**
 * Each step sees itself and `reach` steps before it. Rotary angles come round, and so do positions: they stay below
 * circle + reach, however long the music is.
 */
export function localSpan(reach: number, headSize: number): Span {
  const circle = reachesInCircle * reach;
  return {
    context: undefined,
    update: { append: 2, ring: reach },
    view(steps, before) {
      const pattern = localPattern(steps, reach);
      const mask = before && ringMask(before.keys, before.position, steps, reach);
      const rotary = circularTables(before ? circle + reach + steps - 1 : steps, headSize, circle);
      return {
        places: placesFrom(before?.position, steps, rotary),
        attention: (remembered) => (queries, keys, values) =>
          attendLocally(
            queries,
            keys,
            values,
            pattern,
            remembered && mask ? { ...remembered, mask } : undefined,
          ),
      };
    },
    advance(position, steps) {
      const next = add(position, steps);
      // Whole circles are taken off, but a ring that is full stays full. Integers are divided towards zero.
      return sub(next, mul(div(sub(next, reach), circle), circle));
    },
  };
}

function placesFrom(position: Tensor | undefined, steps: number, rotary: RotaryTables): Places {
  if (position === undefined) return { positions: constant([0], { type: "int32" }), rotary };
  const following = Array.from({ length: steps }, (_, i) => i);
  return { positions: add(position, constant(following, { type: "int32", shape: [1, steps] })), rotary };
}
