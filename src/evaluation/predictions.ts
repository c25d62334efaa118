/**
 * @file What a model says of each event of a batch: how likely it was, and whether it was the likeliest. Nothing else leaves
 * the graph, for logits would take longer to hand over than to compute.
 */
import type { Batch } from "../corpus/index.ts";
import { bindParameters } from "../graph/bind.ts";
import { describe } from "../graph/build.ts";
import { mergeProducts } from "../graph/merge-products.ts";
import { reshape } from "../graph/operators/index.ts";
import { input } from "../graph/tensor.ts";
import { type Model, tokenShape } from "../models/index.ts";
import { parameterFeeds } from "../runtime/feeds.ts";
import type { NamedTensors, Runtime, SessionOptions } from "../runtime/session.ts";
import { invariant } from "../util/errors.ts";
import type { Parameters } from "../util/parameters.ts";
import { createCarriedState, noCarriedState } from "./carried-state.ts";

export interface PredictionOptions extends SessionOptions {
  /** Rows of every batch. */
  readonly rows: number;
  /** Predictions of a window. */
  readonly steps: number;
  /** Parameters that never change: they become part of the graph, which is faster. */
  readonly parameters?: Parameters;
  /** Whether windows go on from the state in which the same row ended before, where the batch says so. */
  readonly carries?: boolean;
}

/** Per prediction of a batch, row after row; what the mask leaves out means nothing. */
export interface Predictions {
  /** −log p of what came, or what the model has for a loss. */
  readonly nats: Float32Array;
  /** 1 where nothing else was as likely. Of equals the first one counts. */
  readonly correct: Uint8Array;
}

export interface Predictor {
  /** @param parameters unless they were given when it was opened */
  run(batch: Batch, parameters?: Parameters): Promise<Predictions>;
  dispose(): Promise<void>;
}

/**
 * Opens a model's forward graph, without dropout.
 *
 * @throws ShapeError where a window is longer than the model's context; UsageError where a state that grows is to be carried
 * @throws RuntimeError as runtimes do
 */
export async function openPredictor(
  runtime: Runtime,
  model: Model,
  { rows, steps, parameters: bound, carries = false, ...options }: PredictionOptions,
): Promise<Predictor> {
  const { outcome } = model;
  const count = rows * steps;
  const carried = carries ? createCarriedState(model, rows) : noCarriedState;
  const { logits, state } = model.forward({
    tokens: input("tokens", "int32", tokenShape(outcome, [rows, steps])),
    controls: model.controls > 0 ? input("controls", "float32", [rows, steps, model.controls]) : undefined,
    state: carried.inputs,
  });
  const targets = input("targets", "int32", [count, outcome.fields]);
  const scores = reshape(logits, [count, outcome.size]);
  const outputs = {
    nats: outcome.losses(scores, targets),
    correct: outcome.foretold(scores, targets),
    ...carried.outputs(state),
  };
  const { model: graph, types } = describe({ outputs }, { name: `rubato ${model.name} likelihood` });
  const session = await runtime.open(
    bound ? mergeProducts(bindParameters(graph, bound), types) : graph,
    options,
  );
  return {
    async run(batch, parameters = {}) {
      invariant(
        batch.rows === rows && batch.steps === steps && batch.fields === outcome.fields,
        "the batch fits the graph",
      );
      const feeds: NamedTensors = {
        ...parameterFeeds(parameters),
        tokens: { type: "int32", shape: tokenShape(outcome, [rows, steps]), data: batch.inputs },
        targets: { type: "int32", shape: [count, outcome.fields], data: batch.targets },
        ...(model.controls > 0 && {
          controls: { type: "float32", shape: [rows, steps, model.controls], data: batch.controls },
        }),
        ...carried.feeds(batch.continues),
      };
      const results = await session.run(feeds);
      carried.update(results);
      const { nats, correct } = results;
      invariant(nats.type === "float32" && correct.type === "bool", "predictions are floats and truths");
      return { nats: nats.data, correct: correct.data };
    },
    dispose: () => session.dispose(),
  };
}
