/** @file A model that predicts token after token: its step as a graph with weights inside, and its memory. */
import { exportStep, type Precision } from "../models/export.ts";
import { type Model, tokenShape } from "../models/index.ts";
import type { NamedTensors, Runtime, SessionOptions } from "../runtime/session.ts";
import { invariant } from "../util/errors.ts";
import type { Parameters } from "../util/parameters.ts";
import { createMemory } from "./memory.ts";

export interface StepperOptions extends SessionOptions {
  /** How many sequences go on side by side. 1 unless given. */
  readonly batch?: number;
  readonly precision?: Precision;
}

export interface Stepper {
  /** Steps made since the beginning. */
  readonly steps: number;
  /**
   * Hears one token of every sequence, or one step of `[batch, fields]`, and answers logits of the next, `[batch, vocabulary]`.
   *
   * @param controls `[batch, controls]`, of models that are conditioned
   * @throws ContextError where a model has no room for more
   */
  next(tokens: Int32Array, controls?: Float32Array): Promise<Float32Array>;
  /** Forgets all that was heard. */
  reset(): void;
  dispose(): Promise<void>;
}

export async function openStepper(
  runtime: Runtime,
  model: Model,
  parameters: Parameters,
  { batch = 1, precision = "float32", ...options }: StepperOptions = {},
): Promise<Stepper> {
  const session = await runtime.open(exportStep(model, parameters, { batch, precision }), options);
  const memory = createMemory(model, batch);
  return {
    get steps() {
      return memory.steps;
    },
    async next(tokens, controls) {
      const conditions: NamedTensors =
        model.controls === 0
          ? {}
          : {
              controls: {
                type: "float32",
                shape: [batch, model.controls],
                data: controls ?? new Float32Array(batch * model.controls),
              },
            };
      const results = await session.run({
        tokens: { type: "int32", shape: tokenShape(model.outcome, [batch]), data: tokens },
        ...conditions,
        ...memory.feeds(1),
      });
      memory.update(results, 1);
      const { logits } = results;
      invariant(logits.type === "float32", "logits are float32");
      return logits.data;
    },
    reset: memory.reset,
    dispose: () => session.dispose(),
  };
}
