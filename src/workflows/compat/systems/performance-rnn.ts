/** @file Magenta's Performance RNN: four programs with absl's flags. */
import type { System } from "../program.ts";
import { convertDirectory, createDataset } from "./magenta-data.ts";
import { generate } from "./magenta-generate.ts";
import { train } from "./magenta-train.ts";
import { tensorboard } from "./tensorboard.ts";

export const performanceRnn: System = {
  name: "performance-rnn",
  summary:
    "Magenta's Performance RNN: convert_dir_to_note_sequences, performance_rnn_create_dataset, _train, _generate",
  programs: [convertDirectory, createDataset, train, generate, tensorboard],
};
