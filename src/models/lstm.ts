/**
 * @file The LSTM of Performance RNN (Oore et al. 2018): three layers of 512, one-hot tokens, 6,242,692 parameters with the
 * vocabulary of 388.
 */
import { z } from "zod";
import { Lstm } from "../nn/lstm.ts";
import type { ParameterScope } from "../nn/parameter.ts";
import type { RecurrentSizes } from "../nn/recurrent-input.ts";
import { defineModel } from "./model.ts";
import { createRecurrent, type RecurrentLayer, recurrentConfig } from "./recurrent.ts";

/**
 * A layer's outputs begin between a fifth and a third of what flows into its gates. Without this next to nothing of the tokens
 * reaches the third layer, and learning begins by growing weights.
 */
export const featureGain = 3.5;

/** One layer, as `createRecurrent` asks for it. */
export const lstmLayer =
  (forgetBias: number) =>
  (scope: ParameterScope, sizes: RecurrentSizes): RecurrentLayer => {
    const layer = new Lstm(scope, { ...sizes, forgetBias });
    return {
      step: (input, [hidden, cell]) => layer.step(input, [hidden, cell]),
      forward(input, [hidden, cell]) {
        const { outputs, state } = layer.forward(input, [hidden, cell]);
        return { outputs, states: state };
      },
    };
  };

export const lstm = defineModel({
  name: "lstm",
  family: "recurrent",
  summary: "long short-term memory: small, fast on a CPU, remembers through its state",
  config: z.object({
    ...recurrentConfig,
    forgetBias: z.number().default(1).describe("where the forget gate's bias begins"),
  }),
  create: (config) =>
    createRecurrent(config, ["hidden", "cell"], lstmLayer(config.forgetBias), { featureGain }),
});
