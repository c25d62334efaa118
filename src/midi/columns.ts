/** @file The columns a track is read into: they grow, and are cut to size at the end. */
import type { Track } from "./file.ts";

export interface Columns {
  readonly tick: Float64Array;
  readonly status: Uint8Array;
  readonly data1: Uint8Array;
  readonly data2: Uint8Array;
  readonly implicit: Uint8Array;
  readonly offset: Uint32Array;
}

/**
 * Room for the events of one track after another. Many tiny tracks that claim to be long share one piece of memory;
 * a track that fills half of it keeps it.
 */
export class ColumnPool {
  #free: Columns | undefined;

  take(capacity: number): Columns {
    const free = this.#free;
    this.#free = undefined;
    return free !== undefined && free.tick.length >= capacity ? free : allocate(Math.max(16, capacity));
  }

  /** The first `count` events as a track. */
  finish(columns: Columns, count: number, payloads: ReadonlyMap<number, Uint8Array>): Track {
    const full = count * 2 >= columns.tick.length;
    if (!full) this.#free = columns;
    const cut = <Kind extends Float64Array | Uint8Array | Uint32Array>(column: Kind) =>
      full ? column.subarray(0, count) : column.slice(0, count);
    return {
      count,
      tick: cut(columns.tick),
      status: cut(columns.status),
      data1: cut(columns.data1),
      data2: cut(columns.data2),
      implicit: cut(columns.implicit),
      offset: cut(columns.offset),
      payloads,
    };
  }
}

function allocate(capacity: number): Columns {
  return {
    tick: new Float64Array(capacity),
    status: new Uint8Array(capacity),
    data1: new Uint8Array(capacity),
    data2: new Uint8Array(capacity),
    implicit: new Uint8Array(capacity),
    offset: new Uint32Array(capacity),
  };
}

/** The same columns with room for half as much again. */
export function grow(columns: Columns): Columns {
  const grown = allocate(Math.ceil(columns.tick.length * 1.5) + 1);
  grown.tick.set(columns.tick);
  grown.status.set(columns.status);
  grown.data1.set(columns.data1);
  grown.data2.set(columns.data2);
  grown.implicit.set(columns.implicit);
  grown.offset.set(columns.offset);
  return grown;
}
