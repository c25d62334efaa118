/**
 * @file A recording made ready for one key: cut to its onset, at the pitch and rate that are wanted, with a dull copy
 * beside it. Strength between two recordings is a mixture of both: tone as well as loudness follow the velocity.
 */
import type { Audio } from "./audio.ts";
import type { Resampler } from "./resample.ts";

export interface Tone {
  readonly length: number;
  readonly left: Float32Array;
  readonly right: Float32Array;
  /** The same without its upper partials. */
  readonly dullLeft: Float32Array;
  readonly dullRight: Float32Array;
  /** Mean squares over the beginning: of the recording, of the two together, and of the dull copy. */
  readonly power: { readonly plain: number; readonly both: number; readonly dull: number };
}

/** Of the loudest sample near the beginning: where a recording passes it, the hammer has struck. */
const onsetShare = 0.05;
const onsetWithinSeconds = 0.2;
/** What is kept before that, and the length of the fades at both ends, in seconds. */
const leadSeconds = 0.003;
const fadeInSeconds = 0.003;
const fadeOutSeconds = 0.1;
/** Over which loudness is measured, in seconds. */
const loudnessSeconds = 0.35;

/** How much of a recording a tone of `seconds` needs. */
export function secondsNeeded(seconds: number): number {
  return Math.max(seconds, loudnessSeconds) + onsetWithinSeconds;
}

/** The frame at which the hammer strikes. */
export function onsetOf({ channels: [left, right], sampleRate }: Audio): number {
  const within = Math.min(left.length, Math.round(onsetWithinSeconds * sampleRate));
  let peak = 0;
  for (let i = 0; i < within; i++) peak = Math.max(peak, Math.abs(left[i]), Math.abs(right[i]));
  for (let i = 0; i < within; i++) {
    if (Math.max(Math.abs(left[i]), Math.abs(right[i])) >= onsetShare * peak && peak > 0) return i;
  }
  return 0;
}

/** Where tones are made, one after the other: a minute of music has hundreds, and new memory for each takes longer. */
export class ToneMemory {
  readonly #buffers: Float32Array[] = [];

  /** One of the buffers, as it was left. */
  take(index: number, length: number): Float32Array {
    if ((this.#buffers[index]?.length ?? 0) < length) this.#buffers[index] = new Float32Array(length);
    return this.#buffers[index].subarray(0, length);
  }
}

/**
 * A tone that is valid until the next one is made in the same memory.
 *
 * @param onset frame of the recording at which the hammer strikes.
 * @param step frames of the recording to one of the tone, for which `resampler` was made.
 * @param sampleRate of the tone.
 * @param frequency of the tone's fundamental, in hertz.
 * @param seconds how long the tone is needed; it may end before.
 */
export function createTone(
  recording: Audio,
  resampler: Resampler,
  memory: ToneMemory,
  options: {
    readonly onset: number;
    readonly step: number;
    readonly sampleRate: number;
    readonly frequency: number;
    readonly seconds: number;
  },
): Tone {
  const { onset, step, sampleRate, frequency } = options;
  const [source, sourceRight] = recording.channels;
  const from = Math.max(0, onset - leadSeconds * recording.sampleRate);
  const fadeOut = Math.round(fadeOutSeconds * sampleRate);
  const wanted = Math.ceil(Math.max(options.seconds, loudnessSeconds) * sampleRate) + fadeOut;
  const length = Math.min(wanted, Math.floor((source.length - from) / step));
  const left = memory.take(0, length);
  const right = memory.take(1, length);
  resampler(source, from, left);
  resampler(sourceRight, from, right);
  fade(left, sampleRate);
  fade(right, sampleRate);
  // The shelf lies above the third partial, where strength is heard most.
  const cutoff = Math.min(5000, Math.max(300, 3 * frequency));
  const dullLeft = memory.take(2, length);
  const dullRight = memory.take(3, length);
  lowPass(left, cutoff / sampleRate, dullLeft);
  lowPass(right, cutoff / sampleRate, dullRight);
  const measured = Math.min(length, Math.round(loudnessSeconds * sampleRate));
  const mean = (a: Float32Array, b: Float32Array) => {
    let sum = 0;
    for (let i = 0; i < measured; i++) sum += a[i] * b[i];
    return sum / measured;
  };
  const power = {
    plain: (mean(left, left) + mean(right, right)) / 2,
    both: (mean(left, dullLeft) + mean(right, dullRight)) / 2,
    dull: (mean(dullLeft, dullLeft) + mean(dullRight, dullRight)) / 2,
  };
  return { length, left, right, dullLeft, dullRight, power };
}

function fade(samples: Float32Array, sampleRate: number): void {
  const fadeIn = Math.round(fadeInSeconds * sampleRate);
  const fadeOut = Math.min(samples.length, Math.round(fadeOutSeconds * sampleRate));
  for (let i = 0; i < Math.min(fadeIn, samples.length); i++)
    samples[i] *= Math.sin((Math.PI / 2) * (i / fadeIn)) ** 2;
  for (let i = 0; i < fadeOut; i++) samples[samples.length - 1 - i] *= i / fadeOut;
}

/** A low-pass of first order. @param cutoff in cycles a sample. */
function lowPass(samples: Float32Array, cutoff: number, result: Float32Array): void {
  const share = 1 - Math.exp(-2 * Math.PI * cutoff);
  let value = 0;
  for (let i = 0; i < samples.length; i++) {
    value += share * (samples[i] - value);
    result[i] = value;
  }
}

/** Change of the upper partials for a step of velocity, and how far it goes: fitted to the recordings' own layers. */
const brightnessPerStep = 0.024;
const dullest = -0.75;

export interface Blend {
  readonly plain: number;
  readonly dull: number;
}

/**
 * How much of a tone and of its dull copy make a note.
 *
 * @param harder than recorded, in steps of velocity.
 * @param amplitude that the beginning is to have, as a root mean square.
 */
export function blend({ power }: Tone, harder: number, amplitude: number): Blend {
  const shelf = Math.max(dullest, harder * brightnessPerStep);
  const plain = 1 + shelf;
  const square = plain ** 2 * power.plain - 2 * plain * shelf * power.both + shelf ** 2 * power.dull;
  const gain = square > 0 ? amplitude / Math.sqrt(square) : 0;
  return { plain: gain * plain, dull: -gain * shelf };
}
