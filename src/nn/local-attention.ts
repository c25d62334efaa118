/**
 * @file Causal attention that looks back a limited number of steps, the reach (Longformer, Beltagy et al. 2020; Mistral,
 * Jiang et al. 2023): what it costs grows with the length of a window, not with its square.
 */
import {
  add,
  and,
  cast,
  concat,
  div,
  less,
  mul,
  reshape,
  slice,
  split,
  sub,
  where,
} from "../graph/operators/index.ts";
import { constant, type Tensor } from "../graph/tensor.ts";
import { attendAfter, attendBlock, hidden, type Past, pastMask, placesOf } from "./attention.ts";
import { distanceScores } from "./relative.ts";

/** Queries that are computed together, with the pieces of keys that hold all they can see. */
interface Block {
  /** The first of its queries. */
  readonly start: number;
  /** Keys are cut like queries: from this piece up to the block's own. */
  readonly firstPiece: number;
  /** `[queries, keys]`; none where nothing is hidden. */
  readonly mask: Tensor | undefined;
}

/** What the steps of a window see of it, the same for every layer. */
export interface LocalPattern {
  readonly reach: number;
  readonly sizes: readonly number[];
  readonly blocks: readonly Block[];
}

/** Shorter blocks cost more in calls than they save in scores that are masked away. */
const blockLength = 128;

/** A window of so many steps, each of which sees itself and `reach` steps before it. */
export function localPattern(steps: number, reach: number): LocalPattern {
  const count = Math.max(1, Math.floor(steps / blockLength));
  const ends = Array.from({ length: count }, (_, i) => Math.floor(((i + 1) * steps) / count));
  const starts = [0, ...ends.slice(0, -1)];
  const masks = new Map<string, Tensor | undefined>();
  const blocks = starts.map((start, i) => {
    const firstPiece = ends.findIndex((end) => end > start - reach);
    const [size, before] = [ends[i] - start, start - starts[firstPiece]];
    const shape = `${size} after ${before}`;
    if (!masks.has(shape)) masks.set(shape, bandMask(size, before, reach));
    return { start, firstPiece, mask: masks.get(shape) };
  });
  return { reach, sizes: starts.map((start, i) => ends[i] - start), blocks };
}

/**
 * Queries, keys and values `[B, heads, T, size]` of a window → `[B, heads, T, size]`.
 *
 * @param past what was remembered before the window, with the mask of `ringMask`
 * @param distances vectors of relative positions, 0 to the reach, as `distanceScores` takes them
 */
export function attendLocally(
  queries: Tensor,
  keys: Tensor,
  values: Tensor,
  { reach, sizes, blocks }: LocalPattern,
  past?: Past,
  distances?: Tensor,
): Tensor {
  const pieces = (x: Tensor) => (sizes.length === 1 ? [x] : split(x, sizes, 2));
  const [queryPieces, keyPieces, valuePieces] = [queries, keys, values].map(pieces);
  const results = blocks.map(({ start, firstPiece, mask }, i) => {
    const seen = (all: readonly Tensor[]) => joined(all.slice(firstPiece, i + 1));
    const [blockKeys, blockValues] = [seen(keyPieces), seen(valuePieces)];
    if (past === undefined || start >= reach) {
      const more = distances && distanceScores(queryPieces[i], distances, Number(blockKeys.shape[2]));
      return attendBlock(queryPieces[i], blockKeys, blockValues, mask, more);
    }
    const own = sizes.length === 1 ? past.mask : slice(past.mask, 2, start, start + sizes[i]);
    return attendAfter({ ...past, mask: own }, queryPieces[i], blockKeys, blockValues, mask, distances);
  });
  return joined(results);
}

/**
 * What of a ring a window may see: `[B, 1, T, P]`. Slot j holds the last position before the window that is j modulo
 * `reach`, the length of the ring.
 *
 * @param keys `[B, heads, P, size]`, of which P is `reach`, or less where that is enough
 * @param position int32 `[B, 1]`: how many steps went before, or any number not below `reach` that is the same modulo it
 */
export function ringMask(keys: Tensor, position: Tensor, steps: number, reach: number): Tensor {
  // A single step sees all that is there: whatever is older has been overwritten.
  if (steps === 1) return pastMask(keys, position);
  const [batch, , past] = keys.shape;
  const isFilled = reshape(less(cast(placesOf(keys), "int32"), position), [batch, 1, 1, past]);
  const isSeen = and(isFilled, less(ringAges(keys, position, steps, reach), reach + 1));
  return where(isSeen, constant(0), constant(hidden));
}

/** How many steps each of a window's steps comes after what lies in a ring: int32 `[B, 1, T, P]`, from 1. */
export function ringAges(keys: Tensor, position: Tensor, steps: number, reach: number): Tensor {
  const [batch, , past] = keys.shape;
  const places = cast(placesOf(keys), "int32"); // [B, P]
  // Of the slot that was filled last 0, of the one before it 1; the sum is never negative.
  const sum = add(sub(position, places), reach - 1);
  const age = reshape(sub(sum, mul(div(sum, reach), reach)), [batch, 1, 1, past]);
  return add(age, following(steps, 1));
}

/** `first`, `first` + 1, … for each step of a window: int32 `[1, 1, T, 1]`. */
export function following(steps: number, first = 0): Tensor {
  const values = Array.from({ length: steps }, (_, i) => first + i);
  return constant(values, { type: "int32", shape: [1, 1, steps, 1] });
}

const joined = (pieces: readonly Tensor[]) => (pieces.length === 1 ? pieces[0] : concat(pieces, 2));

/** `[size, before + size]`: the last `size` places, each of which sees itself and `reach` places before it. */
function bandMask(size: number, before: number, reach: number): Tensor | undefined {
  const width = before + size;
  const values = new Float32Array(size * width).fill(hidden);
  for (let row = 0; row < size; row++) {
    values.fill(0, row * width + Math.max(0, before + row - reach), row * width + before + row + 1);
  }
  return values.every((value) => value === 0) ? undefined : constant(values, { shape: [size, width] });
}
