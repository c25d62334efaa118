/**
 * @file Passages: windows of a piece, and which of their predictions count. What is counted is the protocol; every event
 * counts at most once, whatever its windows overlap.
 */
import type { Stream } from "../corpus/stream.ts";
import { cutWindows, predictionsOf, type Window } from "../corpus/window.ts";
import { invariant } from "../util/errors.ts";

export interface Passage {
  /** Number of the piece among those that are measured. */
  readonly piece: number;
  /** The event of its stream with which it begins. */
  readonly start: number;
  readonly window: Window;
  /** The first prediction that counts. Those before it are heard for what follows them alone. */
  readonly from: number;
}

/** One piece, or one segment of it. */
export interface PieceStream {
  readonly piece: number;
  readonly stream: Stream;
}

/**
 * Segments of `length` events that do not overlap, the last one as long as there are events. Each begins with nothing: its
 * first event, of which nothing could be known, is heard and not predicted.
 */
export function* segments({ piece, stream }: PieceStream, length: number): Generator<Passage> {
  for (let start = 0; start < stream.steps; start += length) {
    const predictions = Math.min(length, stream.steps - start) - 1;
    if (predictions > 0) yield { piece, start, window: windowOf(stream, start, predictions), from: 0 };
  }
}

/**
 * Windows of `length` events that go on by `stride`. Every event but the first counts once, with at least
 * `length` − `stride` events heard before it wherever there are as many.
 */
export function* sliding({ piece, stream }: PieceStream, length: number, stride: number): Generator<Passage> {
  invariant(stride >= 1 && stride <= length, "a stride is at most a window");
  const total = predictionsOf(stream);
  for (let counted = 0; counted < total; ) {
    const start = Math.max(0, counted - (length - stride));
    const predictions = Math.min(length, total - start);
    yield { piece, start, window: windowOf(stream, start, predictions), from: counted - start };
    counted = start + predictions;
  }
}

/** Windows of `length` events, each of which goes on with the state in which the one before it ended. */
export function* carried({ piece, stream }: PieceStream, length: number): Generator<Passage> {
  let start = 0;
  for (const window of cutWindows(stream, { from: 0, to: predictionsOf(stream) }, length)) {
    yield { piece, start, window, from: 0 };
    start += window.length;
  }
}

function windowOf(stream: Stream, start: number, predictions: number): Window {
  const [window] = cutWindows(stream, { from: start, to: start + predictions }, predictions);
  return window;
}

/** Passages side by side, as they come: for windows that know nothing of each other. */
export async function* inRows(
  streams: AsyncIterable<PieceStream>,
  cut: (stream: PieceStream) => Iterable<Passage>,
  rows: number,
): AsyncGenerator<readonly Passage[]> {
  let waiting: Passage[] = [];
  for await (const stream of streams) {
    for (const passage of cut(stream)) {
      waiting.push(passage);
      if (waiting.length < rows) continue;
      yield waiting;
      waiting = [];
    }
  }
  if (waiting.length > 0) yield waiting;
}

/** Streams side by side, each in a row of its own from beginning to end: for windows that go on from one another. */
export async function* inLanes(
  streams: AsyncIterable<PieceStream>,
  cut: (stream: PieceStream) => Iterable<Passage>,
  rows: number,
): AsyncGenerator<readonly (Passage | undefined)[]> {
  const waiting = streams[Symbol.asyncIterator]();
  const lanes: (Iterator<Passage> | undefined)[] = new Array(rows).fill(undefined);
  const advance = async (row: number): Promise<Passage | undefined> => {
    for (;;) {
      const passage = lanes[row]?.next();
      if (passage !== undefined && !passage.done) return passage.value;
      const next = await waiting.next();
      if (next.done) {
        lanes[row] = undefined;
        return undefined;
      }
      lanes[row] = cut(next.value)[Symbol.iterator]();
    }
  };
  for (;;) {
    const passages: (Passage | undefined)[] = [];
    for (let row = 0; row < rows; row++) passages.push(await advance(row));
    if (passages.every((passage) => passage === undefined)) return;
    yield passages;
  }
}
