/** @file Gated recurrent units (Cho et al. 2014): three quarters of an LSTM's products, one state instead of two. */
import { z } from "zod";
import { Gru } from "../nn/gru.ts";
import { defineModel } from "./model.ts";
import { createRecurrent, recurrentConfig } from "./recurrent.ts";

export const gru = defineModel({
  name: "gru",
  family: "recurrent",
  summary: "gated recurrent units: like lstm with a quarter less to compute",
  config: z.object(recurrentConfig),
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
