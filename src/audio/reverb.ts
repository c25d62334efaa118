/**
 * @file A room: a feedback delay network of eight lines, fed through two diffusers a side.
 *
 * Source: J.-M. Jot and A. Chaigne, "Digital delay networks for designing artificial reverberators" (AES 1991), with a
 * Householder matrix; the lines are mutually prime in length, so that echoes do not pile up.
 */
import type { Audio } from "./audio.ts";

/** At 44,100 Hz; 33 to 72 ms. */
const lineLengths = [1447, 1613, 1873, 2053, 2311, 2539, 2879, 3169];
const diffuserLengths = [
  [229, 557],
  [263, 509],
];
const diffusion = 0.6;
const predelaySeconds = 0.012;
/** After which the room has lost 60 dB, and above which frequency it loses faster. */
export const roomSeconds = 1.5;
const dampingHertz = 4500;
/** Below it the room is silent, so that the bass stays clear. */
const lowCutHertz = 150;
/** So that a room of 1 is about as loud as the piano itself. */
const wetGain = 0.5;

/** Adds a room in place. @param amount 0 for none, to 1 for as much room as piano. */
export function addReverb({ channels: [left, right], sampleRate }: Audio, amount: number): void {
  if (amount === 0) return;
  const scaled = (frames: number) => Math.max(1, Math.round((frames * sampleRate) / 44_100));
  const lines = lineLengths.map((length) => new Float32Array(scaled(length)));
  const gains = Float64Array.from(lines, ({ length }) => 10 ** ((-3 * length) / (roomSeconds * sampleRate)));
  const count = lines.length;
  const places = new Int32Array(count);
  const filtered = new Float64Array(count);
  const predelay = scaled(predelaySeconds * 44_100);
  const inputs = [left, right].map((channel, side) =>
    diffused(channel, { lengths: diffuserLengths[side].map(scaled), predelay, sampleRate }),
  );
  const share = 1 - Math.exp((-2 * Math.PI * dampingHertz) / sampleRate);
  const wet = amount * wetGain;
  for (let i = 0; i < left.length; i++) {
    let sum = 0;
    for (let k = 0; k < count; k++) {
      filtered[k] += share * (lines[k][places[k]] * gains[k] - filtered[k]);
      sum += filtered[k];
    }
    const reflected = (2 / count) * sum;
    for (let k = 0; k < count; k++) {
      const line = lines[k];
      line[places[k]] = inputs[k & 1][i] + filtered[k] - reflected;
      places[k] = places[k] + 1 === line.length ? 0 : places[k] + 1;
    }
    left[i] += wet * (filtered[0] - filtered[2] + filtered[4] - filtered[6]);
    right[i] += wet * (filtered[1] - filtered[3] + filtered[5] - filtered[7]);
  }
}

/** A channel later, without bass, and smeared by all-passes. */
function diffused(
  channel: Float32Array,
  options: { readonly lengths: readonly number[]; readonly predelay: number; readonly sampleRate: number },
): Float32Array {
  const result = new Float32Array(channel.length);
  const share = 1 - Math.exp((-2 * Math.PI * lowCutHertz) / options.sampleRate);
  let low = 0;
  for (let i = options.predelay; i < channel.length; i++) {
    const sample = channel[i - options.predelay];
    low += share * (sample - low);
    result[i] = sample - low;
  }
  for (const length of options.lengths) {
    const line = new Float32Array(length);
    let place = 0;
    for (let i = 0; i < result.length; i++) {
      const delayed = line[place];
      const input = result[i] + diffusion * delayed;
      line[place] = input;
      result[i] = delayed - diffusion * input;
      place = place + 1 === length ? 0 : place + 1;
    }
  }
  return result;
}
