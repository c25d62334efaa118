/** @file Batch: what a model trains on, and how windows are written into its rows. */
import type { Curve } from "./stream.ts";
import type { Window } from "./window.ts";

/** All arrays are row after row: B rows, T steps, F fields, C control values. */
export interface Batch extends BatchShape {
  /** Tokens i. [B, T, F] */
  readonly inputs: Int32Array;
  /** Tokens i + 1. [B, T, F] */
  readonly targets: Int32Array;
  /** Controls of step i + 1, beside the input i. [B, T, C] */
  readonly controls: Float32Array;
  /** 1 where there is something to predict, 0 where a window has ended. [B, T] */
  readonly mask: Float32Array;
  /** 1 where the row goes on where the same row of the batch before ended: recurrent state is kept. [B] */
  readonly continues: Uint8Array;
}

export interface BatchShape {
  readonly rows: number;
  readonly steps: number;
  readonly fields: number;
  readonly controlSize: number;
}

/** A window per row; a row without one is masked out. */
export type Rows = readonly (Window | undefined)[];

/** Windows in a batch, which has the same shape however short they are. */
export function createBatch(shape: BatchShape, windows: Rows): Batch {
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
    const { tokens, controls, length, continues } = window;
    const at = row * steps;
    batch.inputs.set(tokens.subarray(0, length * fields), at * fields);
    batch.targets.set(tokens.subarray(fields), at * fields);
    let column = at * controlSize;
    for (const curve of controls) {
      writeColumns(batch.controls, column, controlSize, curve);
      column += curve.size;
    }
    batch.mask.fill(1, at, at + length);
    batch.continues[row] = continues ? 1 : 0;
  });
  return batch;
}

/** Writes a curve into some columns of a table that is `width` wide. */
function writeColumns(table: Float32Array, at: number, width: number, { size, values }: Curve): void {
  for (let from = 0, to = at; from < values.length; from += size, to += width) {
    for (let i = 0; i < size; i++) table[to + i] = values[from + i];
  }
}
