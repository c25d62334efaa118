/** @file What may be done to a performance after it was made, as options and as one step with its remarks. */
import { z } from "zod";
import { changeTempo, scaleVelocities, tempoFactors, transpose } from "../../music/adjust.ts";
import type { Performance } from "../../music/performance.ts";

/** For the schemas of all commands that make or change music. */
export const adjustmentOptions = {
  tempo: z
    .number()
    .min(tempoFactors.least)
    .max(tempoFactors.most)
    .default(1)
    .describe("how many times as fast, 0.1 to 4"),
  transpose: z.int().min(-127).max(127).default(0).describe("semitones up, or down where negative"),
  velocityScale: z
    .number()
    .positive()
    .max(127)
    .default(1)
    .describe("factor of every velocity, which stays within 1 to 127"),
} as const;

export interface Adjustment {
  readonly tempo: number;
  readonly transpose: number;
  readonly velocityScale: number;
}

export interface Adjusted {
  readonly performance: Performance;
  /** A sentence for each thing that did not go as asked. */
  readonly remarks: readonly string[];
}

export function adjust(performance: Performance, options: Adjustment): Adjusted {
  const transposed = transpose(changeTempo(performance, options.tempo), options.transpose);
  const { moved } = transposed;
  const notes = moved === 1 ? "a note" : `${moved.toLocaleString("en")} notes`;
  return {
    performance: scaleVelocities(transposed.performance, options.velocityScale),
    remarks:
      moved === 0 ? [] : [`${notes} would have left the range of MIDI, moved by octaves to stay within it`],
  };
}
