/**
 * @file Note columns on disk: what augmentation is drawn from. One block per piece: start and end (float64, seconds),
 * instrument (uint16), pitch and velocity (uint8) of each note, then time (float64), controller, value and channel
 * (uint8) of each pedal crossing; little-endian, padded to eight bytes.
 */
import {
  type Column,
  type Instrument,
  notesFromColumns,
  type Performance,
  pedalsFromColumns,
  pedalThreshold,
  performanceOf,
} from "../music/performance.ts";
import { invariant } from "../util/errors.ts";

const bytesPerNote = 8 + 8 + 2 + 1 + 1;
const bytesPerCrossing = 8 + 1 + 1 + 1;

invariant(new Uint8Array(Uint16Array.of(1).buffer)[0] === 1, "corpora are written on little-endian machines");

export function noteBlockSize(notes: number, crossings: number): number {
  return Math.ceil((notes * bytesPerNote + crossings * bytesPerCrossing) / 8) * 8;
}

/** The notes and the crossings of 64 by each pedal. */
export function packNotes(performance: Performance): {
  readonly bytes: Uint8Array;
  readonly crossings: number;
} {
  const { notes } = performance;
  const { count } = notes;
  const crossings = pedalCrossings(performance);
  const moves = crossings.length;
  const bytes = new Uint8Array(noteBlockSize(count, moves));
  const { buffer } = bytes;
  new Float64Array(buffer, 0, count).set(toArrayLike(notes.start));
  new Float64Array(buffer, 8 * count, count).set(toArrayLike(notes.end));
  const times = new Float64Array(buffer, 16 * count, moves);
  const instruments = new Uint16Array(buffer, 16 * count + 8 * moves, count);
  let at = 18 * count + 8 * moves;
  const byteColumn = (length: number) => {
    const column = new Uint8Array(buffer, at, length);
    at += length;
    return column;
  };
  const pitch = byteColumn(count);
  const velocity = byteColumn(count);
  const controller = byteColumn(moves);
  const value = byteColumn(moves);
  const channel = byteColumn(moves);
  for (let i = 0; i < count; i++) {
    instruments[i] = notes.instrument[i];
    pitch[i] = notes.pitch[i];
    velocity[i] = notes.velocity[i];
  }
  crossings.forEach((move, i) => {
    times[i] = move.time;
    controller[i] = move.controller;
    value[i] = move.isDown ? 127 : 0;
    channel[i] = move.channel;
  });
  return { bytes, crossings: moves };
}

/** The performance of a block, its pedals reduced to up and down. */
export function unpackNotes(
  block: Uint8Array,
  count: number,
  moves: number,
  instruments: readonly Instrument[],
  duration: number,
): Performance {
  invariant(block.length >= noteBlockSize(count, moves), "a note block is shorter than its index says");
  // Columns of numbers wider than a byte have to start at a multiple of their width.
  const bytes = block.byteOffset % 8 === 0 ? block : block.slice();
  const { buffer, byteOffset } = bytes;
  let at = byteOffset + 18 * count + 8 * moves;
  const byteColumn = (length: number) => {
    const column = new Uint8Array(buffer, at, length);
    at += length;
    return column;
  };
  const pitch = byteColumn(count);
  const velocity = byteColumn(count);
  const controller = byteColumn(moves);
  const value = byteColumn(moves);
  const channel = byteColumn(moves);
  const notes = notesFromColumns({
    start: new Float64Array(buffer, byteOffset, count),
    end: new Float64Array(buffer, byteOffset + 8 * count, count),
    pitch,
    velocity,
    instrument: new Uint16Array(buffer, byteOffset + 16 * count + 8 * moves, count),
  });
  const time = new Float64Array(buffer, byteOffset + 16 * count, moves);
  return performanceOf(notes, pedalsFromColumns({ time, controller, value, channel }), instruments, duration);
}

interface Crossing {
  readonly time: number;
  readonly controller: number;
  readonly isDown: boolean;
  readonly channel: number;
}

function pedalCrossings({ pedals }: Performance): readonly Crossing[] {
  const crossings: Crossing[] = [];
  const down = new Set<number>();
  for (let i = 0; i < pedals.count; i++) {
    const channel = pedals.channel[i] & 0xff;
    const lane = channel * 128 + pedals.controller[i];
    const isDown = pedals.value[i] >= pedalThreshold;
    if (isDown === down.has(lane)) continue;
    if (isDown) down.add(lane);
    else down.delete(lane);
    crossings.push({ time: pedals.time[i], controller: pedals.controller[i], isDown, channel });
  }
  return crossings;
}

function toArrayLike(column: Column): ArrayLike<number> {
  return column;
}
