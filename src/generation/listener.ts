/**
 * @file Listeners: one model that hears many sequences, each with a memory of its own. Each is heard alone, as a batch of one,
 * so that what it predicts never depends on its neighbours (docs/decisions/0016).
 */
import { type Model, tokenShape } from "../models/index.ts";
import type { Runtime, SessionOptions } from "../runtime/session.ts";
import { invariant } from "../util/errors.ts";
import { fieldwise } from "./fieldwise.ts";
import { createMemory, type Memory } from "./memory.ts";

export interface Listener {
  /**
   * Hears a token and answers the logits of the next, which are the caller's to change.
   *
   * @param controls what is told of the music that follows, of models that are conditioned
   */
  hear(token: number, controls?: Float32Array): Promise<Float32Array>;
  /** One that remembers the same, and goes on by itself. */
  copy(): Listener;
}

export interface Listeners {
  /** One that has heard nothing yet. */
  create(): Listener;
  /** Gives back what all of them run on. */
  dispose(): Promise<void>;
}

/** Hears a whole step, all its tokens at once. */
export interface StepListener {
  /** @param controls as of `Listener` */
  hear(tokens: Int32Array, controls?: Float32Array): Promise<Float32Array>;
  copy(): StepListener;
}

/**
 * Of models whose steps are several tokens these hear them one by one, as fieldwise.ts has it.
 *
 * @param step what `exportStep` made of this model, for a batch of one
 * @param before the step that a piece begins after; of models whose steps are several tokens
 * @throws RuntimeError as the runtime does
 */
export async function openListeners(
  runtime: Runtime,
  model: Model,
  step: Parameters<Runtime["open"]>[0],
  { before, ...options }: SessionOptions & { readonly before?: Int32Array } = {},
): Promise<Listeners> {
  const { fields, fieldSizes } = model.outcome;
  const session = await runtime.open(step, options);
  const over = (memory: Memory): StepListener => ({
    async hear(tokens, controls) {
      invariant(
        model.controls === (controls?.length ?? 0),
        "a model is told as many floats as it listens to",
      );
      const results = await session.run({
        tokens: { type: "int32", shape: tokenShape(model.outcome, [1]), data: tokens },
        ...(controls && { controls: { type: "float32", shape: [1, model.controls], data: controls } }),
        ...memory.feeds(1),
      });
      memory.update(results, 1);
      const { logits } = results;
      invariant(logits.type === "float32", "logits are float32");
      return logits.data;
    },
    copy: () => over(memory.copy()),
  });
  const create = () => over(createMemory(model, 1));
  if (fields === 1) return { create: () => single(create()), dispose: () => session.dispose() };
  invariant(before?.length === fields, "a step comes before the first one");
  return { create: fieldwise(create, fieldSizes, before), dispose: () => session.dispose() };
}

const single = (listener: StepListener): Listener => ({
  hear: (token, controls) => listener.hear(Int32Array.of(token), controls),
  copy: () => single(listener.copy()),
});
