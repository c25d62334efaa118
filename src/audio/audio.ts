/** @file Sound as a value: two channels of samples. */

/** Stereo sound; 1 is full scale, and both channels have the same length. */
export interface Audio {
  /** Frames a second. */
  readonly sampleRate: number;
  /** Left and right. */
  readonly channels: readonly [Float32Array, Float32Array];
}

/** A factor for an amplitude, of decibels. */
export const amplitudeOf = (decibels: number): number => 10 ** (decibels / 20);

/** Where nobody says otherwise: samples a second, and how much room is heard, 0 to 1. */
export const defaultSampleRate = 44_100;
export const defaultReverb = 0.15;
