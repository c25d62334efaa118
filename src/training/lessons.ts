/** @file Batches without end: pass after pass over a split, from wherever training stood. */
import { type Batch, type BatchOptions, type Corpus, createBatches } from "../corpus/index.ts";

/** Where training stands in its data: which pass, and how many batches of it were learnt from. */
export interface Position {
  readonly epoch: number;
  readonly batch: number;
}

export interface Lesson {
  readonly batch: Batch;
  /** After this batch: what the next one follows. */
  readonly position: Position;
}

export type LessonOptions = Omit<BatchOptions, "epoch" | "skip">;

/**
 * The batches that follow a position, without those that hold nothing to foretell. One is made ready ahead while its
 * forerunner is learnt from.
 */
export async function* lessons(
  corpus: Corpus,
  options: LessonOptions,
  from: Position,
): AsyncGenerator<Lesson, never> {
  for (let { epoch, batch: skip } = from; ; epoch++, skip = 0) {
    const batches = createBatches(corpus, { ...options, epoch, skip });
    let index = skip;
    let coming = batches.next();
    for (;;) {
      const { value: batch, done } = await coming;
      if (done) break;
      coming = batches.next();
      // Whoever stops listening here leaves a batch behind whose failure nobody awaits.
      coming.catch(() => undefined);
      index++;
      if (batch.mask.some((each) => each === 1)) yield { batch, position: { epoch, batch: index } };
    }
  }
}
