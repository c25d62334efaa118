/** @file Batch: what a model trains on, and how a window of a stream is written into one of its rows. */
import type { Stream } from "./stream.ts";

/** All arrays are row after row: B rows, T steps, F fields, C control values. */
export interface Batch {
  readonly rows: number;
  readonly steps: number;
  readonly fields: number;
  readonly controlSize: number;
  /** Tokens i. [B, T, F] */
  readonly inputs: Int32Array;
  /** Tokens i + 1. [B, T, F] */
  readonly targets: Int32Array;
  /** Controls of step i + 1, beside the input i. [B, T, C] */
  readonly controls: Float32Array;
  /** 1 where there is something to predict, 0 where a piece has ended. [B, T] */
  readonly mask: Float32Array;
  /** 1 where the row goes on where the same row of the batch before ended: recurrent state is kept. [B] */
  readonly continues: Uint8Array;
}

/** `length` predictions of a stream, the first of them from step `start` to `start + 1`. */
export interface Window {
  readonly stream: Stream;
  readonly start: number;
  readonly length: number;
  /** Whether it follows the window before it in its row. */
  readonly continues: boolean;
}

export interface BatchShape {
  readonly rows: number;
  readonly steps: number;
  readonly fields: number;
  readonly controlSize: number;
}

/** Windows in a batch of always the same shape; a row without a window is masked out. */
export function createBatch(shape: BatchShape, windows: readonly (Window | undefined)[]): Batch {
  const { rows, steps, fields, controlSize } = shape;
  const batch: Batch = {
    ...shape,
    inputs: new Int32Array(rows * steps * fields),
    targets: new Int32Array(rows * steps * fields),
    controls: new Float32Array(rows * steps * controlSize),
    mask: new Float32Array(rows * steps),
    continues: new Uint8Array(rows),
  };
  windows.forEach((window, row) => {
    if (window === undefined) return;
    const { stream, start, length } = window;
    const at = row * steps;
    batch.inputs.set(stream.tokens.subarray(start * fields, (start + length) * fields), at * fields);
    batch.targets.set(
      stream.tokens.subarray((start + 1) * fields, (start + length + 1) * fields),
      at * fields,
    );
    batch.controls.set(
      stream.controls.subarray((start + 1) * controlSize, (start + length + 1) * controlSize),
      at * controlSize,
    );
    batch.mask.fill(1, at, at + length);
    if (window.continues) batch.continues[row] = 1;
  });
  return batch;
}

/**
 * Windows of `steps` predictions that cover a stream once, in order, without overlap. With a phase the first is only
 * so long, so that windows begin elsewhere in every pass.
 */
export function coverWindows(stream: Stream, steps: number, phase = 0): readonly Window[] {
  const predictions = stream.steps - 1;
  const windows: Window[] = [];
  for (let start = 0; start < predictions; ) {
    const length = Math.min(start === 0 && phase > 0 ? phase : steps, predictions - start);
    windows.push({ stream, start, length, continues: start > 0 });
    start += length;
  }
  return windows;
}
