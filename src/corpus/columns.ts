/**
 * @file Note columns on disk: what augmentation is drawn from. One block per piece: start and end (float64, seconds) of
 * each note, time (float64) of each pedal crossing, then instrument (uint16) of the notes and channel (uint16) of the
 * crossings, then pitch and velocity, controller and value (uint8); little-endian, padded to eight bytes.
 */
import {
  type Instrument,
  notesFromColumns,
  type Performance,
  pedalsFromColumns,
  performanceOf,
} from "../music/performance.ts";
import { invariant } from "../util/errors.ts";
import { pedalCrossings } from "./crossings.ts";

const bytesPerNote = 8 + 8 + 2 + 1 + 1;
const bytesPerCrossing = 8 + 2 + 1 + 1;

invariant(new Uint8Array(Uint16Array.of(1).buffer)[0] === 1, "corpora are written on little-endian machines");

export function noteBlockSize(notes: number, crossings: number): number {
  return Math.ceil((notes * bytesPerNote + crossings * bytesPerCrossing) / 8) * 8;
}

interface ColumnType<Numbers> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset: number, length: number): Numbers;
}

/** The columns of a block, widest first, so that each begins at a multiple of its width. */
function columnsOf(block: Uint8Array, notes: number, crossings: number) {
  let at = block.byteOffset;
  const column = <Numbers>(type: ColumnType<Numbers>, length: number): Numbers => {
    const numbers = new type(block.buffer, at, length);
    at += length * type.BYTES_PER_ELEMENT;
    return numbers;
  };
  return {
    start: column(Float64Array, notes),
    end: column(Float64Array, notes),
    time: column(Float64Array, crossings),
    instrument: column(Uint16Array, notes),
    channel: column(Uint16Array, crossings),
    pitch: column(Uint8Array, notes),
    velocity: column(Uint8Array, notes),
    controller: column(Uint8Array, crossings),
    value: column(Uint8Array, crossings),
  };
}

/** The block of a performance, its pedals reduced to up and down. */
export function packNotes({ notes, pedals }: Performance): {
  readonly bytes: Uint8Array;
  readonly crossings: number;
} {
  const moves = pedalCrossings(pedals);
  const bytes = new Uint8Array(noteBlockSize(notes.count, moves.count));
  const columns = columnsOf(bytes, notes.count, moves.count);
  columns.start.set(notes.start);
  columns.end.set(notes.end);
  columns.instrument.set(notes.instrument);
  columns.pitch.set(notes.pitch);
  columns.velocity.set(notes.velocity);
  columns.time.set(moves.time);
  columns.channel.set(moves.channel);
  columns.controller.set(moves.controller);
  columns.value.set(moves.value);
  return { bytes, crossings: moves.count };
}

/** The performance of a block. */
export function unpackNotes(
  block: Uint8Array,
  notes: number,
  crossings: number,
  instruments: readonly Instrument[],
  duration: number,
): Performance {
  invariant(block.length >= noteBlockSize(notes, crossings), "a note block is shorter than its index says");
  // Numbers wider than a byte have to lie at a multiple of their width.
  const aligned = block.byteOffset % 8 === 0 ? block : block.slice();
  const { start, end, instrument, pitch, velocity, ...moves } = columnsOf(aligned, notes, crossings);
  return performanceOf(
    notesFromColumns({ start, end, pitch, velocity, instrument }),
    pedalsFromColumns(moves),
    instruments,
    duration,
  );
}
