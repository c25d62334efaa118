/** @file How music is made to sound, as options: apart from what makes it, which takes a while to load. */
import { z } from "zod";
import { defaultReverb, defaultSampleRate } from "../../audio/audio.ts";

/** Rates that both WAV players and MP3 know. */
const sampleRates: readonly number[] = [48_000, 44_100, 32_000, 22_050];

/** How music is made to sound, for the schemas of all commands that do. */
export const soundOptions = {
  sampleRate: z
    .int()
    .refine((rate) => sampleRates.includes(rate), `expected one of ${sampleRates.join(", ")}`)
    .default(defaultSampleRate)
    .describe(`samples a second: ${sampleRates.join(", ")}`),
  gain: z
    .number()
    .min(-40)
    .max(20)
    .default(0)
    .describe("louder by as many decibels; a limiter guards the peaks"),
  reverb: z.number().min(0).max(1).default(defaultReverb).describe("how much room is heard, 0 to 1"),
} as const;

export interface SoundOptions {
  readonly sampleRate: number;
  readonly gain: number;
  readonly reverb: number;
}
