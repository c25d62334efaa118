/** @file The orders in which a pass goes through the pieces of a split: one function and one line each. */
import { type Random, shuffled } from "../util/random.ts";
import type { BatchShape, Rows } from "./batch.ts";
import type { CorpusPiece } from "./format.ts";
import { divideLanes, type LanePart } from "./lanes.ts";
import type { Stream } from "./stream.ts";
import { cutWindows, detached, predictionsOf, type Window, wholeUnits } from "./window.ts";

/** What an order is given. */
export interface Pass {
  readonly pieces: readonly CorpusPiece[];
  /** The streams of a piece: within a pass always the same. */
  load(piece: CorpusPiece): Promise<readonly Stream[]>;
  readonly shape: BatchShape;
  /** Tokens in a row that belong together: no window begins within them. */
  readonly unit: number;
  readonly random: Random;
}

type Order = (pass: Pass) => AsyncGenerator<Rows>;

export const orders = {
  fixed: inOrder,
  shuffled: mixed,
  carried: inLanes,
} as const satisfies Readonly<Record<string, Order>>;

export type OrderName = keyof typeof orders;

/** Window after window as the corpus has them. */
async function* inOrder({ pieces, load, shape, unit }: Pass): AsyncGenerator<Rows> {
  const { rows } = shape;
  const steps = wholeUnits(shape.steps, unit);
  let waiting: Window[] = [];
  for (const piece of pieces) {
    for (const stream of await load(piece)) {
      for (const window of cutWindows(stream, { from: 0, to: predictionsOf(stream) }, steps)) {
        waiting.push({ ...window, continues: false });
        if (waiting.length < rows) continue;
        yield waiting;
        waiting = [];
      }
    }
  }
  if (waiting.length > 0) yield waiting;
}

/** Numbers that are held for mixing, tokens and controls together: 64 MiB, whatever the corpus. */
const mixedNumbers = 2 ** 24;

/** Windows drawn from those of many pieces. */
async function* mixed({ pieces, load, shape, unit, random }: Pass): AsyncGenerator<Rows> {
  const { rows, fields, controlSize } = shape;
  const steps = wholeUnits(shape.steps, unit);
  const held: Window[] = [];
  let numbers = 0;
  const sizeOf = (window: Window) => window.length * (fields + controlSize);
  const draw = (): Window => {
    const index = random.integer(held.length);
    const drawn = held[index];
    held[index] = held[held.length - 1];
    held.length--;
    numbers -= sizeOf(drawn);
    return drawn;
  };
  for (const piece of shuffled(pieces, random)) {
    for (const stream of await load(piece)) {
      const to = predictionsOf(stream);
      // As few windows as can be; what they could hold beyond the stream is where the first may begin.
      const room = Math.floor((Math.ceil(to / steps) * steps - to) / unit);
      const first = steps - unit * random.integer(room + 1);
      for (const window of cutWindows(stream, { from: 0, to }, steps, first)) {
        held.push({ ...detached(window), continues: false });
        numbers += sizeOf(window);
      }
    }
    while (numbers > mixedNumbers && held.length >= rows) yield Array.from({ length: rows }, draw);
  }
  while (held.length > 0) yield Array.from({ length: Math.min(rows, held.length) }, draw);
}

/** Each row walks through one piece after another. */
async function* inLanes({ pieces, load, shape, unit, random }: Pass): AsyncGenerator<Rows> {
  const { rows } = shape;
  const lengthOf = ({ length, segments = [length] }: CorpusPiece) =>
    segments.reduce((sum, each) => sum + Math.max(0, each - 1), 0);
  const lanes = divideLanes(shuffled(pieces, random), lengthOf, rows).map((parts) =>
    laneWindows(parts, load, wholeUnits(shape.steps, unit), unit),
  );
  for (;;) {
    const windows: (Window | undefined)[] = [];
    for (const lane of lanes) {
      const next = await lane.next();
      windows.push(next.done ? undefined : next.value);
    }
    if (windows.every((window) => window === undefined)) return;
    yield windows;
  }
}

async function* laneWindows(
  parts: readonly LanePart<CorpusPiece>[],
  load: Pass["load"],
  steps: number,
  unit: number,
): AsyncGenerator<Window, undefined> {
  for (const part of parts) {
    const streams = await load(part.item);
    // A varied piece is a little longer or shorter than the stored one; shares fit both.
    const total = streams.reduce((sum, stream) => sum + predictionsOf(stream), 0);
    let from = Math.round(part.from * total);
    let to = Math.round(part.to * total);
    for (const stream of streams) {
      const length = predictionsOf(stream);
      const within = (place: number) => (place < length ? Math.max(0, place - (place % unit)) : length);
      yield* cutWindows(stream, { from: within(from), to: within(to) }, steps);
      from -= length;
      to -= length;
    }
  }
}
