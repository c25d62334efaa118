/** @file Windows: as much of a stream as one row of a batch holds. */
import type { Curve, Stream } from "./stream.ts";

/** `length` predictions: each of the first `length` tokens foretells the one after it. */
export interface Window {
  readonly length: number;
  /** [length + 1, fields] */
  readonly tokens: Int32Array;
  /** Beside each prediction what controls say of the step foretold. [length, size] each */
  readonly controls: readonly Curve[];
  /** Whether it goes on where the window before it in its row ended. */
  readonly continues: boolean;
}

/** A part of a stream, in predictions; the first one goes from step 0 to step 1. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export function predictionsOf(stream: Stream): number {
  return Math.max(0, stream.steps - 1);
}

/** As much of a window as is whole units, so that the next one begins where a unit does; all of it where none fits. */
export function wholeUnits(steps: number, unit: number): number {
  return steps < unit ? steps : steps - (steps % unit);
}

/**
 * Windows of at most `steps` predictions that cover a stretch once, in order. They are views of the stream.
 *
 * @param first predictions of the first window, where it is to be shorter.
 */
export function* cutWindows(
  stream: Stream,
  { from, to }: Stretch,
  steps: number,
  first = steps,
): Generator<Window> {
  const { tokens, controls } = stream;
  const fields = tokens.length / stream.steps;
  for (let start = from; start < to; ) {
    const length = Math.min(start === from ? first : steps, to - start);
    yield {
      length,
      tokens: tokens.subarray(start * fields, (start + length + 1) * fields),
      controls: controls.map(({ size, values }) => ({
        size,
        values: values.subarray((start + 1) * size, (start + length + 1) * size),
      })),
      continues: start > from,
    };
    start += length;
  }
}

/** The same window with numbers of its own, so that it can be kept without its stream. */
export function detached(window: Window): Window {
  const controls = window.controls.map(({ size, values }) => ({ size, values: values.slice() }));
  return { ...window, tokens: window.tokens.slice(), controls };
}
