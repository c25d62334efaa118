/** @file How far back the layers of a transformer look: over all of its context, or a number of steps, and then for ever. */
import { add, cast, div, mul, reshape, sub } from "../graph/operators/index.ts";
import { constant, type Tensor } from "../graph/tensor.ts";
import { attend, attendAfter, pastMask, placesOf } from "../nn/attention.ts";
import { attendLocally, following, localPattern, ringAges, ringMask } from "../nn/local-attention.ts";
import type { Attention, Places } from "../nn/multi-head-attention.ts";
import { pastDistanceScores } from "../nn/relative.ts";
import { circularTables, type RotaryTables, rotaryTables } from "../nn/rotary.ts";
import type { StateSpec } from "./model.ts";

/** What one layer remembers: `[B, heads, P, size]`. */
interface Remembered {
  readonly keys: Tensor;
  readonly values: Tensor;
}

/** Where a window goes on: the position int32 `[B, 1]` of its first step, and the keys that any of the layers remembers. */
interface Before {
  readonly position: Tensor;
  readonly keys: Tensor;
}

/** A window's steps in time, and what they see: the same for all layers. */
export interface View {
  /** Where positions are rotary. */
  readonly places: Places | undefined;
  /** @param remembered of this layer, where the window goes on from a state */
  attention(remembered: Remembered | undefined): Attention;
}

export interface Span {
  /** Longest window, where there is one. */
  readonly context: number | undefined;
  /** Distances at which a step sees another, 0 among them. */
  readonly distances: number;
  /** What becomes of keys and values. */
  readonly update: StateSpec["update"];
  view(steps: number, before?: Before): View;
  /** The position after so many steps. */
  advance(position: Tensor, steps: number): Tensor;
}

export interface SpanOptions {
  readonly headSize: number;
  readonly positions: "rotary" | "relative";
}

export function wholeSpan(context: number, { headSize, positions }: SpanOptions): Span {
  const rotary = positions === "rotary" ? rotaryTables(context, headSize) : undefined;
  return {
    context,
    distances: context,
    update: { append: 2 },
    view(steps, before) {
      const past = before && {
        mask: pastMask(before.keys, before.position),
        ages: agesOf(before, steps),
      };
      return {
        places: rotary && placesFrom(before?.position, steps, rotary),
        attention: (remembered) => (queries, keys, values, distances) =>
          remembered && past
            ? attendAfter(
                { ...remembered, mask: maskFor(past, queries, distances) },
                queries,
                keys,
                values,
                undefined,
                distances,
              )
            : attend(queries, keys, values, { causal: true, distances }),
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
export function localSpan(reach: number, { headSize, positions }: SpanOptions): Span {
  const circle = reachesInCircle * reach;
  return {
    context: undefined,
    distances: reach + 1,
    update: { append: 2, ring: reach },
    view(steps, before) {
      const pattern = localPattern(steps, reach);
      const past = before && {
        mask: ringMask(before.keys, before.position, steps, reach),
        ages: ringAges(before.keys, before.position, steps, reach),
      };
      const rotary =
        positions === "rotary"
          ? circularTables(before ? circle + reach + steps - 1 : steps, headSize, circle)
          : undefined;
      return {
        places: rotary && placesFrom(before?.position, steps, rotary),
        attention: (remembered) => (queries, keys, values, distances) =>
          attendLocally(
            queries,
            keys,
            values,
            pattern,
            remembered && past ? { ...remembered, mask: maskFor(past, queries, distances) } : undefined,
            distances,
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

/** What is added to the scores of what is remembered. */
function maskFor(
  { mask, ages }: { readonly mask: Tensor; readonly ages: Tensor },
  queries: Tensor,
  distances: Tensor | undefined,
): Tensor {
  return distances ? add(mask, pastDistanceScores(queries, distances, ages)) : mask;
}

/** How many steps each of a window's steps comes after those that a cache remembers in their order: int32 `[B, 1, T, P]`. */
function agesOf({ position, keys }: Before, steps: number): Tensor {
  const [batch, , past] = keys.shape;
  const before = reshape(sub(position, cast(placesOf(keys), "int32")), [batch, 1, 1, past]);
  return add(before, following(steps));
}

function placesFrom(position: Tensor | undefined, steps: number, rotary: RotaryTables): Places {
  if (position === undefined) return { positions: constant([0], { type: "int32" }), rotary };
  const after = Array.from({ length: steps }, (_, i) => i);
  return { positions: add(position, constant(after, { type: "int32", shape: [1, steps] })), rotary };
}
