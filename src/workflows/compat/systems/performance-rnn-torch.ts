/** @file performance_rnn_torch (anatrini's rewrite of djosix's Performance RNN), its README's flags and its scripts'. */
import type { System } from "../program.ts";
import { tensorboard } from "./tensorboard.ts";
import { prepareData, preprocess } from "./torch-data.ts";
import { generate } from "./torch-generate.ts";
import { optimize, train } from "./torch-train.ts";

export const performanceRnnTorch: System = {
  name: "performance-rnn-torch",
  summary: "Performance RNN in PyTorch: scripts/prepare_data.py, preprocess.py, train.py, generate.py",
  programs: [prepareData, preprocess, optimize, train, generate, tensorboard],
};
