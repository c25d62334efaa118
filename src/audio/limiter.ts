/** @file A limiter that looks ahead: what is too loud is turned down smoothly, before it comes; all else stays as it is. */
import type { Audio } from "./audio.ts";

/** Frames to a block, which is what gains are decided for: 1.5 ms at 44,100 Hz. */
const blockLength = 64;
/** How far the gain may fall from block to block before a peak: a fall by 6 dB takes 12 ms. */
const fallPerBlock = 1 / 16;
/** After which the gain has come back by 63 %. */
const releaseSeconds = 0.15;

/**
 * Turns down in place what is above the ceiling.
 *
 * @returns the largest reduction, in decibels; 0 where nothing was too loud.
 */
export function limit({ channels: [left, right], sampleRate }: Audio, ceiling: number): number {
  const blocks = Math.ceil(left.length / blockLength);
  const needed = new Float32Array(blocks + 1).fill(1);
  let least = 1;
  for (let block = 0; block < blocks; block++) {
    const until = Math.min(left.length, (block + 1) * blockLength);
    let peak = 0;
    for (let i = block * blockLength; i < until; i++) {
      peak = Math.max(peak, Math.abs(left[i]), Math.abs(right[i]));
    }
    if (peak > ceiling) needed[block] = ceiling / peak;
    least = Math.min(least, needed[block]);
  }
  if (least === 1) return 0;
  const gains = smoothed(needed, Math.exp(-blockLength / (releaseSeconds * sampleRate)));
  for (let block = 0; block < blocks; block++) {
    const from = block * blockLength;
    const slope = (gains[block + 1] - gains[block]) / blockLength;
    for (let i = from; i < Math.min(left.length, from + blockLength); i++) {
      const gain = gains[block] + slope * (i - from);
      left[i] *= gain;
      right[i] *= gain;
    }
  }
  return -20 * Math.log10(least);
}

/** Gains at the borders of blocks: never above what either neighbour needs, falling before a peak and rising slowly. */
function smoothed(needed: Float32Array, keep: number): Float32Array {
  const gains = new Float32Array(needed.length);
  for (let i = 0; i < gains.length; i++) gains[i] = Math.min(needed[i], needed[Math.max(0, i - 1)]);
  for (let i = 1; i < gains.length; i++) gains[i] = Math.min(gains[i], 1 - (1 - gains[i - 1]) * keep);
  for (let i = gains.length - 2; i >= 0; i--) {
    gains[i] = Math.min(gains[i], gains[i + 1] + fallPerBlock);
  }
  return gains;
}
