/** @file Listening with figures: loudness, brightness, pitch and clicks of sound. */

/** In-place radix-2 transform of Fourier; lengths are powers of two. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    [real[i], real[j]] = [real[j], real[i]];
    [imaginary[i], imaginary[j]] = [imaginary[j], imaginary[i]];
  }
  for (let length = 2; length <= size; length *= 2) {
    for (let k = 0; k < length / 2; k++) {
      const [cosine, sine] = [Math.cos((2 * Math.PI * k) / length), -Math.sin((2 * Math.PI * k) / length)];
      for (let low = k; low < size; low += length) {
        const high = low + length / 2;
        const re = real[high] * cosine - imaginary[high] * sine;
        const im = real[high] * sine + imaginary[high] * cosine;
        [real[high], imaginary[high]] = [real[low] - re, imaginary[low] - im];
        [real[low], imaginary[low]] = [real[low] + re, imaginary[low] + im];
      }
    }
  }
}

/** Magnitudes of the first half of the spectrum, under a Hann window. */
export function spectrum(samples: Float32Array, from: number, size: number): Float64Array {
  const real = Float64Array.from({ length: size }, (_, i) => {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size);
    return (samples[from + i] ?? 0) * window;
  });
  const imaginary = new Float64Array(size);
  transform(real, imaginary);
  return Float64Array.from({ length: size / 2 }, (_, k) => Math.hypot(real[k], imaginary[k]));
}

/** The mean frequency in hertz, weighted by magnitude. */
export function centroid(samples: Float32Array, from: number, sampleRate: number, size = 16_384): number {
  const magnitudes = spectrum(samples, from, size);
  let [sum, weighted] = [0, 0];
  for (let k = 1; k < magnitudes.length; k++) {
    sum += magnitudes[k];
    weighted += (magnitudes[k] * k * sampleRate) / size;
  }
  return weighted / sum;
}

/** Root mean square in decibels of full scale; after the end there is silence. */
export function loudness(samples: Float32Array, from = 0, to = samples.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (samples[i] ?? 0) ** 2;
  return 10 * Math.log10(sum / (to - from) + 1e-30);
}

/** The frequency of the strongest partial within a semitone of `near`, in hertz, by a parabola through its peak. */
export function frequencyNear(samples: Float32Array, from: number, sampleRate: number, near: number): number {
  const size = 65_536;
  const magnitudes = spectrum(samples, from, size).map((magnitude) => Math.log(magnitude + 1e-30));
  const bin = (hertz: number) => Math.round((hertz * size) / sampleRate);
  let best = bin(near / 2 ** (1 / 12));
  for (let k = best; k <= bin(near * 2 ** (1 / 12)); k++) if (magnitudes[k] > magnitudes[best]) best = k;
  const [before, at, after] = magnitudes.subarray(best - 1, best + 2);
  return ((best + (0.5 * (before - after)) / (before - 2 * at + after)) * sampleRate) / size;
}

export const cents = (frequency: number, reference: number): number =>
  1200 * Math.log2(frequency / reference);

/**
 * The worst click: how far a sample leaves the line of its neighbours, against what is usual in the 10 ms around it.
 * Music stays below 20; a step in the middle of a tone is in the hundreds.
 */
export function worstClick(samples: Float32Array, sampleRate: number): { ratio: number; seconds: number } {
  const width = Math.round(sampleRate / 100);
  const bend = (i: number) =>
    Math.abs(samples[i - 2] - 4 * samples[i - 1] + 6 * samples[i] - 4 * samples[i + 1] + samples[i + 2]);
  let worst = { ratio: 0, seconds: 0 };
  for (let start = 2; start + width + 2 < samples.length; start += width) {
    let [sum, peak, at] = [0, 0, start];
    for (let i = start; i < start + width; i++) {
      const value = bend(i);
      sum += value;
      if (value > peak) [peak, at] = [value, i];
    }
    // Below a ten-thousandth of full scale there is nothing that could be heard.
    const ratio = peak > 1e-4 ? peak / (sum / width) : 0;
    if (ratio > worst.ratio) worst = { ratio, seconds: at / sampleRate };
  }
  return worst;
}
