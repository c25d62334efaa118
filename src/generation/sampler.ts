/** @file Many tokens for one call: a model whose steps and draws are one graph. */
import { exportSampling, type Model } from "../models/index.ts";
import type { Runtime } from "../runtime/session.ts";
import { invariant, UsageError } from "../util/errors.ts";
import type { Parameters } from "../util/parameters.ts";
import type { Random } from "../util/random.ts";
import { createMemory } from "./memory.ts";
import type { StepperOptions } from "./stepper.ts";

export interface SamplerOptions extends StepperOptions {
  /** Tokens drawn for each call. 8 unless given. */
  readonly stepsPerCall?: number;
}

export interface Sampler {
  readonly stepsPerCall: number;
  /**
   * Hears one token of every sequence and draws the next `stepsPerCall`, from softmax(logits / temperature).
   *
   * @param temperature above 0
   * @throws UsageError for any other
   * @returns `[stepsPerCall, batch]`
   */
  next(tokens: Int32Array, random: Random, temperature?: number): Promise<Int32Array>;
  reset(): void;
  dispose(): Promise<void>;
}

/** From the middle of each of 2³² intervals, so that neither logarithm is infinite. */
function gumbel(random: Random): number {
  return -Math.log(-Math.log(random.next() + 2 ** -33));
}

/** @throws UsageError for models that are conditioned, whose steps are several tokens, or whose state grows */
export async function openSampler(
  runtime: Runtime,
  model: Model,
  parameters: Parameters,
  { batch = 1, precision = "float32", stepsPerCall = 8, ...options }: SamplerOptions = {},
): Promise<Sampler> {
  const graph = exportSampling(model, parameters, { batch, precision, steps: stepsPerCall });
  const session = await runtime.open(graph, options);
  const memory = createMemory(model, batch);
  const noise = new Float32Array(stepsPerCall * batch * model.vocabularySize);
  return {
    stepsPerCall,
    async next(tokens, random, temperature = 1) {
      if (!(temperature > 0 && Number.isFinite(temperature))) {
        throw new UsageError(
          `found a temperature of ${temperature}, expected a number above 0: give a small one for the likeliest tokens`,
        );
      }
      for (let i = 0; i < noise.length; i++) noise[i] = gumbel(random);
      const results = await session.run({
        tokens: { type: "int32", shape: [batch], data: tokens },
        sharpness: { type: "float32", shape: [], data: Float32Array.of(1 / temperature) },
        noise: { type: "float32", shape: [stepsPerCall, batch, model.vocabularySize], data: noise },
        ...memory.feeds(stepsPerCall),
      });
      memory.update(results, stepsPerCall);
      const { drawn } = results;
      invariant(drawn.type === "int32", "tokens are int32");
      return drawn.data;
    },
    reset: memory.reset,
    dispose: () => session.dispose(),
  };
}
