/**
 * @file From corpus to batches, without loading the corpus: pieces are read as they are needed, varied as they are
 * read, and windows never cross from one to the next.
 */
import { UsageError } from "../util/errors.ts";
import { createRandom } from "../util/random.ts";
import type { Augmentation } from "./augment.ts";
import { type Batch, type BatchShape, createBatch } from "./batch.ts";
import type { Corpus } from "./corpus.ts";
import { CorpusError } from "./error.ts";
import { type OrderName, orders } from "./order.ts";
import { type ControlDropOut, silenceControls } from "./silence.ts";
import { type ControlCurve, loadStreams } from "./stream.ts";
import type { SplitName } from "./table.ts";

export interface BatchOptions {
  readonly split: SplitName;
  /** Rows of a batch. */
  readonly rows: number;
  /** Predictions of a window. */
  readonly steps: number;
  /**
   * fixed: windows in the order of the corpus, the same in every pass: for validation.
   * shuffled: windows of many pieces mixed, beginning elsewhere in every pass: for models with attention.
   * carried: each row walks through one piece after another, so that recurrent state can be kept.
   */
  readonly order: OrderName;
  readonly augmentation?: Augmentation;
  readonly controls?: readonly ControlCurve[];
  /** How often a control is not told; always told unless given. Its conditioning is the only curve of `controls`. */
  readonly controlDropOut?: ControlDropOut;
  readonly seed: number;
  /** Which pass over the corpus: every pass has its own order and variations. */
  readonly epoch?: number;
  /** Batches to leave out at the start, for going on after an interruption. */
  readonly skip?: number;
}

/**
 * The batches of one pass over a split, which foretells every token but the first of each piece or segment once. The
 * same options give the same batches.
 *
 * @throws UsageError for a shape or controls that cannot be; CorpusError where the split holds nothing to predict.
 */
export async function* createBatches(corpus: Corpus, options: BatchOptions): AsyncGenerator<Batch> {
  const {
    split,
    rows,
    steps,
    order,
    augmentation,
    controls = [],
    controlDropOut,
    seed,
    epoch = 0,
    skip = 0,
  } = options;
  if (!(Number.isInteger(rows) && rows > 0 && Number.isInteger(steps) && steps > 0)) {
    throw new UsageError(`found batches of ${rows} rows and ${steps} steps, expected positive integers`);
  }
  if (controls.length > 0 && corpus.representation.timeline === undefined) {
    throw new UsageError(
      `found controls for \`${corpus.representation.name}\`, expected a representation that is a stream of events`,
    );
  }
  const pieces = corpus.index.pieces.filter((piece) => piece.split === split);
  if (!pieces.some(({ length, segments = [length] }) => segments.some((each) => each > 1))) {
    throw new CorpusError(
      `found no ${split} pieces in ${corpus.path}, expected some: prepare it with another --split`,
    );
  }
  const shape: BatchShape = {
    rows,
    steps,
    fields: corpus.index.fields.length,
    controlSize: controls.reduce((sum, control) => sum + control.size, 0),
  };
  const random = createRandom(seed).fork(`epoch ${epoch}`);
  const pass = {
    pieces,
    // Variations hang on the piece alone, so that it is the same however often and wherever it is read.
    load: (piece: (typeof pieces)[number]) =>
      loadStreams(corpus, piece, controls, augmentation, random.fork(piece.source)),
    shape,
    unit: corpus.unit,
    random,
  };
  let index = 0;
  for await (const windows of orders[order](pass)) {
    const number = index++;
    if (number < skip) continue;
    const batch = createBatch(shape, windows);
    if (controlDropOut) silenceControls(batch, controlDropOut, random.fork(`controls ${number}`));
    yield batch;
  }
}
