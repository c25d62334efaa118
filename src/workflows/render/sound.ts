/** @file From a performance to the bytes of sound files: reading the piano, playing it, encoding what it played. */
import { z } from "zod";
import {
  defaultReverb,
  defaultSampleRate,
  encodeMp3,
  encodeWav,
  openPiano,
  type Piano,
  renderPerformance,
  samplesFor,
} from "../../audio/index.ts";
import type { Performance } from "../../music/performance.ts";
import type { Platform } from "../../platform/platform.ts";

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

/** All that a worker thread needs. */
export interface SoundRequest {
  readonly performance: Performance;
  readonly piano: Piano;
  readonly options: SoundOptions;
  readonly wav: boolean;
  readonly mp3: boolean;
}

export interface Sound {
  readonly wav: Uint8Array | undefined;
  readonly mp3: Uint8Array | undefined;
  /** Of the sound: until the last string is still, and so longer than the performance. */
  readonly seconds: number;
  /** The largest sample, in decibels below full scale. */
  readonly peak: number;
  /** What the limiter turned down at most, in decibels. */
  readonly limited: number;
}

/** The piano as far as this performance needs it. */
export function pianoFor(platform: Platform, performance: Performance): Promise<Piano> {
  return openPiano((path) => platform.readPackageFile(path), samplesFor(performance));
}

/** @throws AudioError where there is nothing to play. */
export async function makeSound(
  { performance, piano, options, wav, mp3 }: SoundRequest,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<Sound> {
  const audio = await renderPerformance(performance, piano, { ...options, onProgress });
  let peak = 0;
  for (const channel of audio.channels) for (const sample of channel) peak = Math.max(peak, Math.abs(sample));
  return {
    wav: wav ? encodeWav(audio) : undefined,
    mp3: mp3 ? await encodeMp3(audio) : undefined,
    seconds: audio.channels[0].length / audio.sampleRate,
    peak: 20 * Math.log10(peak),
    limited: audio.limited,
  };
}
