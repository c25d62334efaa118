/** @file Passages through a model: what it says of those predictions that count. */
import { type BatchShape, createBatch } from "../corpus/batch.ts";
import type { Model } from "../models/index.ts";
import type { Runtime, SessionOptions } from "../runtime/session.ts";
import { UserError } from "../util/errors.ts";
import type { Parameters } from "../util/parameters.ts";
import type { Passage } from "./passages.ts";
import { openPredictor } from "./predictions.ts";

/** What a model says of a passage. Valid until the next one. */
export interface Foretold {
  readonly passage: Passage;
  /** What came, the fields of a step side by side, and how likely it was, of each prediction that counts. */
  readonly tokens: Int32Array;
  readonly nats: Float32Array;
  readonly correct: Uint8Array;
}

export interface ForetellOptions extends SessionOptions {
  readonly rows: number;
  /** Longest window, in predictions. */
  readonly steps: number;
  /** Whether windows go on from one another. */
  readonly carries?: boolean;
}

/** A model that answers NaN: its weights have been spoilt. */
export class NonFiniteLikelihoodError extends UserError {}

/**
 * Runs passages through a model, with parameters as constants of its graph.
 *
 * @param batches passages side by side, `rows` at the most
 * @throws ShapeError where a window is longer than the model's context; NonFiniteLikelihoodError; RuntimeError as runtimes do
 */
export async function* foretell(
  runtime: Runtime,
  model: Model,
  parameters: Parameters,
  batches: AsyncIterable<readonly (Passage | undefined)[]>,
  options: ForetellOptions,
): AsyncGenerator<Foretold> {
  const { rows, steps } = options;
  const { fields } = model.outcome;
  const shape: BatchShape = { rows, steps, fields, controlSize: model.controls };
  const predictor = await openPredictor(runtime, model, { ...options, parameters });
  try {
    for await (const passages of batches) {
      const batch = createBatch(
        shape,
        passages.map((passage) => passage?.window),
      );
      const { nats, correct } = await predictor.run(batch);
      for (const [row, passage] of passages.entries()) {
        if (passage === undefined) continue;
        const [from, to] = [row * steps + passage.from, row * steps + passage.window.length];
        const found = {
          passage,
          tokens: batch.targets.subarray(from * fields, to * fields),
          nats: nats.subarray(from, to),
          correct: correct.subarray(from, to),
        };
        expectFinite(found.nats);
        yield found;
      }
    }
  } finally {
    await predictor.dispose();
  }
}

function expectFinite(nats: Float32Array): void {
  const bad = nats.find((each) => !Number.isFinite(each));
  if (bad === undefined) return;
  throw new NonFiniteLikelihoodError(
    `found a likelihood of ${bad} nats, expected a finite number: the weights are spoilt, take an earlier checkpoint`,
  );
}
