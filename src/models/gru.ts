/** @file Gated recurrent units (Cho et al. 2014): three quarters of an LSTM's products, one state instead of two. */
import { z } from "zod";
import { Gru } from "../nn/gru.ts";
import { commonConfig, defineModel } from "./model.ts";
import { createRecurrent } from "./recurrent.ts";
import { tokenConfig } from "./token-features.ts";

export const gru = defineModel({
  name: "gru",
  summary: "gated recurrent units: like lstm with a quarter less to compute",
  config: z.object({
    ...commonConfig,
    ...tokenConfig,
    layers: z.int().min(1).default(3).describe("number of layers"),
    hiddenSize: z.int().min(1).default(512).describe("size of each layer's state"),
  }),
  create: (config) =>
    createRecurrent(config, ["hidden"], (scope, sizes) => {
      const layer = new Gru(scope, sizes);
      return {
        step: (input, [hidden]) => [layer.step(input, hidden)],
        forward(input, [hidden]) {
          const { outputs, state } = layer.forward(input, hidden);
          return { outputs, states: [state] };
        },
      };
    }),
});
