/** @file From a performance to the bytes of sound files: reading the piano, playing it, encoding what it played. */
import {
  encodeMp3,
  encodeWav,
  openPiano,
  type Piano,
  renderPerformance,
  samplesFor,
} from "../../audio/index.ts";
import type { Performance } from "../../music/performance.ts";
import type { Platform } from "../../platform/platform.ts";
import type { SoundOptions } from "./sound-options.ts";

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
