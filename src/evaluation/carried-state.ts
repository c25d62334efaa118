/** @file State that rows of one batch hand on to the same rows of the next, of models whose state is of one size. */
import { input, type Tensor } from "../graph/tensor.ts";
import type { Model, State } from "../models/index.ts";
import type { NamedTensors, TensorData } from "../runtime/session.ts";
import { canCarry } from "../training/index.ts";
import { invariant, UsageError } from "../util/errors.ts";

export interface CarriedState {
  /** What windows go on from; undefined where nothing is carried. */
  readonly inputs: State | undefined;
  /** What the graph has to answer. */
  outputs(after: State): Readonly<Record<string, Tensor>>;
  /** Rows that do not continue go on from zeros. */
  feeds(continues: Uint8Array): NamedTensors;
  update(results: NamedTensors): void;
}

export const noCarriedState: CarriedState = {
  inputs: undefined,
  outputs: () => ({}),
  feeds: () => ({}),
  update: () => undefined,
};

/** @throws UsageError for models whose state grows */
export function createCarriedState(model: Model, rows: number): CarriedState {
  if (!canCarry(model)) {
    throw new UsageError(
      `found model ${model.name}, whose state grows, expected one that hands on a state of one size: give it whole windows instead`,
    );
  }
  const shapes = Object.entries(model.state).map(
    ([name, { shape }]) => [name, shape.map((size) => (typeof size === "number" ? size : rows))] as const,
  );
  const current = new Map<string, Float32Array>(
    shapes.map(([name, shape]) => [
      name,
      new Float32Array(shape.reduce((product, size) => product * size, 1)),
    ]),
  );
  return {
    inputs: Object.fromEntries(
      shapes.map(([name, shape]) => [name, input(`state.${name}`, "float32", shape)]),
    ),
    outputs: (after) => Object.fromEntries(shapes.map(([name]) => [`after.${name}`, after[name]])),
    feeds: (continues) =>
      Object.fromEntries(
        shapes.map(([name, shape]): [string, TensorData] => {
          const data = current.get(name) ?? new Float32Array();
          const width = data.length / rows;
          for (let row = 0; row < rows; row++) {
            if (continues[row] === 0) data.fill(0, row * width, (row + 1) * width);
          }
          return [`state.${name}`, { type: "float32", shape, data }];
        }),
      ),
    update(results) {
      for (const [name] of shapes) {
        const after = results[`after.${name}`];
        invariant(after.type === "float32", "carried states are float32");
        current.set(name, after.data);
      }
    },
  };
}
