/**
 * @file What a model of tokens learns: to foretell each next one. The loss of a window as a graph, and a batch as its feeds;
 * of recurrent models also the states with which windows go on from one another (truncated back-propagation through time).
 */
import type { Batch } from "../corpus/index.ts";
import { reshape } from "../graph/operators/index.ts";
import { input, type Tensor } from "../graph/tensor.ts";
import { type Model, tokenShape } from "../models/index.ts";
import { weightedMean } from "../nn/index.ts";
import type { NamedTensors, TensorData } from "../runtime/session.ts";
import { invariant, UsageError } from "../util/errors.ts";
import type { NamedArray, Parameters } from "../util/parameters.ts";
import type { MicroBatch } from "./gradients.ts";

export interface ObjectiveOptions {
  /** Rows of a batch. */
  readonly rows: number;
  /** Predictions of a window. */
  readonly steps: number;
  /** Whether windows go on from the state in which those before them ended. */
  readonly carries: boolean;
  /** Whether dropout is in force: `feeds` then asks for a seed. */
  readonly dropout: boolean;
}

export interface Objective {
  /** The mean loss over what the mask lets count: −log p in nats, where the model tells likelihoods. */
  readonly loss: Tensor;
  /** States after the window, `after.<name>`; none unless they are carried. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** @param seed of dropout, where that is in force */
  batch(batch: Batch, carried: Carried, seed: number): MicroBatch;
}

/** States by name, each `[rows, …]`: what the rows of the next batch go on from. Empty where nothing is carried. */
export type Carried = Parameters;

/** @throws UsageError where a model's state grows, which cannot be carried */
export function nextTokenObjective(model: Model, options: ObjectiveOptions): Objective {
  const { rows, steps, carries, dropout } = options;
  const { outcome } = model;
  const count = rows * steps;
  const states = carries ? Object.entries(statesOf(model, rows)) : [];
  const { logits, state } = model.forward({
    tokens: input("tokens", "int32", tokenShape(outcome, [rows, steps])),
    controls: model.controls > 0 ? input("controls", "float32", [rows, steps, model.controls]) : undefined,
    ...(carries && {
      state: Object.fromEntries(
        states.map(([name, { shape }]) => [name, input(`state.${name}`, "float32", shape)]),
      ),
    }),
    ...(dropout && { dropoutSeed: input("dropout-seed", "int32", []) }),
  });
  const losses = outcome.losses(
    reshape(logits, [count, outcome.size]),
    input("targets", "int32", [count, outcome.fields]),
  );
  return {
    loss: weightedMean(losses, input("weights", "float32", [count])),
    outputs: Object.fromEntries(states.map(([name]) => [`after.${name}`, state[name]])),
    batch(batch, carried, seed) {
      invariant(
        batch.rows === rows && batch.steps === steps && batch.fields === outcome.fields,
        "the batch fits the graph",
      );
      const feeds: NamedTensors = {
        tokens: { type: "int32", shape: tokenShape(outcome, [rows, steps]), data: batch.inputs },
        targets: { type: "int32", shape: [count, outcome.fields], data: batch.targets },
        weights: { type: "float32", shape: [count], data: batch.mask },
        ...(model.controls > 0 && {
          controls: { type: "float32", shape: [rows, steps, model.controls], data: batch.controls },
        }),
        ...(dropout && { "dropout-seed": { type: "int32", shape: [], data: Int32Array.of(seed) } }),
        ...Object.fromEntries(
          states.map(([name]): [string, TensorData] => {
            const { shape, data } = continued(carried[name], batch.continues);
            return [`state.${name}`, { type: "float32", shape, data }];
          }),
        ),
      };
      return { feeds, weight: batch.mask.reduce((sum, each) => sum + each, 0) };
    },
  };
}

/** Whether a model's windows can go on from one another: its states are of one size. */
export function canCarry(model: Model): boolean {
  return Object.values(model.state).every(({ update, type }) => update === "replace" && type === "float32");
}

/** What rows go on from before the first window: zeros. */
export function nothingCarried(model: Model, rows: number): Carried {
  return Object.fromEntries(
    Object.entries(statesOf(model, rows)).map(([name, { shape }]) => [
      name,
      { shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)) },
    ]),
  );
}

/** What the rows of the next batch go on from, out of the results of a step. */
export function carriedFrom(outputs: NamedTensors): Carried {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { type, shape, data }]): [string, NamedArray] => {
      invariant(type === "float32", "carried states are float32");
      return [name.slice("after.".length), { shape, data }];
    }),
  );
}

function statesOf(
  model: Model,
  rows: number,
): Readonly<Record<string, { readonly shape: readonly number[] }>> {
  if (!canCarry(model)) {
    throw new UsageError(
      `found model ${model.name}, whose state grows, to be trained with carried state, expected lstm, gru, or a transformer with linear attention: set training.carry to false`,
    );
  }
  return Object.fromEntries(
    Object.entries(model.state).map(([name, { shape }]) => [
      name,
      { shape: shape.map((size) => (typeof size === "number" ? size : rows)) },
    ]),
  );
}

/** Rows that begin something new go on from zeros. */
function continued({ shape, data }: NamedArray, continues: Uint8Array): NamedArray {
  if (continues.every((each) => each === 1)) return { shape, data };
  const kept = data.slice();
  const width = data.length / continues.length;
  for (const [row, each] of continues.entries()) if (each === 0) kept.fill(0, row * width, (row + 1) * width);
  return { shape, data: kept };
}
