/**
 * @file From corpus to batches, without loading the corpus: pieces are read as they are needed, varied as they are
 * read, and windows never cross from one to the next.
 */
import { UsageError } from "../util/errors.ts";
import { createRandom, type Random, shuffled } from "../util/random.ts";
import type { Augmentation } from "./augment.ts";
import { type Batch, type BatchShape, coverWindows, createBatch, type Window } from "./batch.ts";
import type { Corpus } from "./corpus.ts";
import { CorpusError } from "./error.ts";
import type { CorpusPiece } from "./format.ts";
import { type ControlCurve, loadStreams, type Stream } from "./stream.ts";
import type { SplitName } from "./table.ts";

export interface BatchOptions {
  readonly split: SplitName;
  /** Rows of a batch. */
  readonly rows: number;
  /** Predictions of a window. */
  readonly steps: number;
  /**
   * fixed: windows in the order of the corpus, the same in every pass: for validation.
   * shuffled: windows of many pieces mixed: for models with attention.
   * carried: each row walks through one piece after another, so that recurrent state can be kept.
   */
  readonly order: "fixed" | "shuffled" | "carried";
  readonly augmentation?: Augmentation;
  readonly controls?: readonly ControlCurve[];
  readonly seed: number;
  /** Which pass over the corpus: every pass has its own order and variations. */
  readonly epoch?: number;
  /** Batches to leave out at the start, for going on after an interruption. */
  readonly skip?: number;
}

/** Windows of one field count that are kept for mixing: about two million tokens, whatever the corpus. */
const mixedTokens = 2 ** 21;

/**
 * The batches of one pass over a split. The same options give the same batches.
 *
 * @throws CorpusError where the split holds nothing to predict.
 */
export async function* createBatches(corpus: Corpus, options: BatchOptions): AsyncGenerator<Batch> {
  const { rows, steps, order, controls = [], epoch = 0, skip = 0 } = options;
  if (!(Number.isInteger(rows) && rows > 0 && Number.isInteger(steps) && steps > 0)) {
    throw new UsageError(`found batches of ${rows} rows and ${steps} steps, expected positive integers`);
  }
  if (controls.length > 0 && corpus.representation.timeline === undefined) {
    throw new UsageError(
      `found controls for \`${corpus.representation.name}\`, expected a representation that is a stream of events`,
    );
  }
  const pieces = corpus.index.pieces.filter((piece) => piece.split === options.split);
  if (!pieces.some((piece) => Math.max(piece.length, ...(piece.segments ?? [])) > 1)) {
    throw new CorpusError(
      `found no ${options.split} pieces in ${corpus.path}, expected some: prepare it with another --split`,
    );
  }
  const shape: BatchShape = {
    rows,
    steps,
    fields: corpus.index.fields.length,
    controlSize: controls.reduce((sum, control) => sum + control.size, 0),
  };
  const random = createRandom(options.seed).fork(`epoch ${epoch}`);
  const streams = readStreams(corpus, order === "fixed" ? pieces : shuffled(pieces, random), options, random);
  const groups =
    order === "fixed"
      ? inOrder(streams, shape)
      : order === "shuffled"
        ? mixed(streams, shape, random)
        : carried(streams, shape);
  let index = 0;
  for await (const windows of groups) if (index++ >= skip) yield createBatch(shape, windows);
}

async function* readStreams(
  corpus: Corpus,
  pieces: readonly CorpusPiece[],
  { augmentation, controls = [] }: BatchOptions,
  random: Random,
): AsyncGenerator<Stream> {
  for (const piece of pieces) {
    const own = random.fork(piece.source);
    for (const stream of await loadStreams(corpus, piece, controls, augmentation, own)) {
      if (stream.steps > 1) yield stream;
    }
  }
}

type Rows = readonly (Window | undefined)[];

async function* inOrder(streams: AsyncIterable<Stream>, { rows, steps }: BatchShape): AsyncGenerator<Rows> {
  let waiting: Window[] = [];
  for await (const stream of streams) {
    for (const window of coverWindows(stream, steps)) {
      waiting.push({ ...window, continues: false });
      if (waiting.length < rows) continue;
      yield waiting;
      waiting = [];
    }
  }
  if (waiting.length > 0) yield waiting;
}

async function* mixed(
  streams: AsyncIterable<Stream>,
  shape: BatchShape,
  random: Random,
): AsyncGenerator<Rows> {
  const { rows, steps, fields } = shape;
  const pool: Window[] = [];
  let tokens = 0;
  const take = (): Window => {
    const last = pool.length - 1;
    const index = random.integer(pool.length);
    [pool[index], pool[last]] = [pool[last], pool[index]];
    const window = pool[last];
    pool.length = last;
    tokens -= window.length * fields;
    return window;
  };
  for await (const stream of streams) {
    for (const window of coverWindows(stream, steps, random.integer(steps))) {
      pool.push({ ...window, continues: false });
      tokens += window.length * fields;
    }
    while (tokens > mixedTokens && pool.length >= rows) yield Array.from({ length: rows }, take);
  }
  while (pool.length > 0) yield Array.from({ length: Math.min(rows, pool.length) }, take);
}

async function* carried(streams: AsyncGenerator<Stream>, { rows, steps }: BatchShape): AsyncGenerator<Rows> {
  const lanes: Window[][] = Array.from({ length: rows }, () => []);
  let more = true;
  for (;;) {
    const windows: (Window | undefined)[] = [];
    for (const lane of lanes) {
      if (lane.length === 0 && more) {
        const next = await streams.next();
        if (next.done) more = false;
        else lane.push(...coverWindows(next.value, steps));
      }
      windows.push(lane.shift());
    }
    if (windows.every((window) => window === undefined)) return;
    yield windows;
  }
}
