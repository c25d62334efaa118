/** @module The five systems whose command lines are understood. One file and one line each; the first whose flags fit counts. */
import type { System } from "../program.ts";
import { harmonyRl } from "./harmonyrl.ts";
import { musicRnn } from "./music-rnn.ts";
import { musicalAi } from "./musical-ai.ts";
import { performanceRnn } from "./performance-rnn.ts";
import { performanceRnnTorch } from "./performance-rnn-torch.ts";

/** `train.py` and `generate.py` are music-rnn's unless their flags are another's: it comes first. */
export const systems: readonly System[] = [
  musicRnn,
  performanceRnnTorch,
  performanceRnn,
  harmonyRl,
  musicalAi,
];
