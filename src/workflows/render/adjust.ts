/** @file What may be done to a performance after it was made, as options and as one step with its remarks. */
import { z } from "zod";
import { changeTempo, scaleVelocities, tempoFactors, transpose } from "../../music/adjust.ts";
import type { Performance } from "../../music/performance.ts";
import { gridSeconds, quantize } from "../../music/quantize.ts";
import { UsageError } from "../../util/errors.ts";

/** For the schemas of all commands that make or change music. */
export const adjustmentOptions = {
  quantize: z
    .string()
    .min(1)
    .optional()
    .describe(
      "onsets and lengths on a grid: seconds as in 0.25, or a note value as in 1/8, 1/8t for triplets",
    ),
  bpm: z
    .number()
    .min(10)
    .max(400)
    .optional()
    .describe("quarters a minute in which --quantize takes note values (default: 120)"),
  velocity: z.int().min(1).max(127).optional().describe("how loud every note is, instead of what was played"),
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
  readonly quantize?: string | undefined;
  readonly bpm?: number | undefined;
  readonly velocity?: number | undefined;
  readonly tempo: number;
  readonly transpose: number;
  readonly velocityScale: number;
}

export interface Adjusted {
  readonly performance: Performance;
  /** A sentence for each thing that did not go as asked. */
  readonly remarks: readonly string[];
}

/** Applied to music that is finished: none of it is heard by the model, and the same seed draws the same notes. */
export function adjust(performance: Performance, options: Adjustment): Adjusted {
  const onGrid = putOnGrid(performance, options);
  const transposed = transpose(changeTempo(onGrid, options.tempo), options.transpose);
  const { moved } = transposed;
  const notes = moved === 1 ? "a note" : `${moved.toLocaleString("en")} notes`;
  return {
    performance: loudness(transposed.performance, options),
    remarks:
      moved === 0 ? [] : [`${notes} would have left the range of MIDI, moved by octaves to stay within it`],
  };
}

function putOnGrid(performance: Performance, { quantize: grid, bpm }: Adjustment): Performance {
  if (grid !== undefined) return quantize(performance, gridSeconds(grid, bpm));
  if (bpm === undefined) return performance;
  throw new UsageError(
    `found --bpm ${bpm} without --quantize, expected a grid of note values: add --quantize 1/8, or give --tempo`,
  );
}

function loudness(performance: Performance, { velocity, velocityScale }: Adjustment): Performance {
  if (velocity === undefined) return scaleVelocities(performance, velocityScale);
  const { notes } = performance;
  const even = { ...notes, velocity: new Uint8Array(notes.count).fill(velocity) };
  return scaleVelocities(Object.freeze({ ...performance, notes: Object.freeze(even) }), velocityScale);
}
