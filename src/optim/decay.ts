/** @file Which parameters weight decay concerns. */
import { z } from "zod";

/** Biases and gains of norms have one axis, and pulling them to zero only harms; matrices and embeddings decay. */
export const decayed = z
  .enum(["matrices", "all"])
  .default("matrices")
  .describe("which parameters decay: those of two or more axes, or all");

export interface DecayOptions {
  readonly weightDecay: number;
  readonly decayed: z.output<typeof decayed>;
}

/** Weight decay as it concerns a parameter of this shape. */
export function decayOf(shape: readonly number[], options: DecayOptions): number {
  return options.decayed === "all" || shape.length >= 2 ? options.weightDecay : 0;
}
