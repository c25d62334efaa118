/**
 * @file Resampling by a windowed sinc: the pitch and the rate of a recording change in one go, without images and,
 * upwards, without aliases. Source: J. O. Smith, "Digital Audio Resampling Home Page" (Kaiser window, table of phases).
 */

/** Neighbours that make a new sample, and the places between two samples that the table knows. */
const taps = 16;
const phases = 1024;
/** Of the Kaiser window: stopband near -60 dB. */
const beta = 6;
/** Of the lower of both rates, so that the filter's slope ends near half of it. */
const passband = 0.92;

/**
 * Fills `result`: its first frame is read from `source` at index `from`, and each next one `step` further on. Where the
 * source has ended there is silence.
 */
export type Resampler = (source: Float32Array, from: number, result: Float32Array) => void;

/** @param step frames of the source to a frame of the result: above 1 the pitch rises or the rate falls. */
export function createResampler(step: number): Resampler {
  const table = filterTable(passband * Math.min(1, 1 / step));
  return (source, from, result) => {
    const last = source.length - taps;
    for (let i = 0; i < result.length; i++) {
      const position = from + i * step;
      const whole = Math.floor(position);
      const at = whole - taps / 2 + 1;
      if (at < 0 || at > last) {
        result[i] = 0;
        continue;
      }
      // Rounded to the nearest phase; the last is that of the next sample, which the table also has.
      const phase = ((position - whole) * phases + 0.5) | 0;
      result[i] = dot(source, at, table, phase * taps);
    }
  };
}

/** The product of `taps` numbers with as many others; written out, for a loop takes three times as long. */
function dot(a: Float32Array, i: number, b: Float32Array, j: number): number {
  return (
    a[i] * b[j] +
    a[i + 1] * b[j + 1] +
    a[i + 2] * b[j + 2] +
    a[i + 3] * b[j + 3] +
    a[i + 4] * b[j + 4] +
    a[i + 5] * b[j + 5] +
    a[i + 6] * b[j + 6] +
    a[i + 7] * b[j + 7] +
    (a[i + 8] * b[j + 8] +
      a[i + 9] * b[j + 9] +
      a[i + 10] * b[j + 10] +
      a[i + 11] * b[j + 11] +
      a[i + 12] * b[j + 12] +
      a[i + 13] * b[j + 13] +
      a[i + 14] * b[j + 14] +
      a[i + 15] * b[j + 15])
  );
}

/** `phases + 1` rows of `taps` weights; each row sums to 1, so that no phase is louder than another. */
function filterTable(cutoff: number): Float32Array {
  const table = new Float32Array((phases + 1) * taps);
  for (let phase = 0; phase <= phases; phase++) {
    const row = table.subarray(phase * taps, (phase + 1) * taps);
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - (taps / 2 - 1) - phase / phases;
      row[tap] = sinc(cutoff * distance) * kaiser(distance / (taps / 2));
      sum += row[tap];
    }
    for (let tap = 0; tap < taps; tap++) row[tap] /= sum;
  }
  return table;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** From -1 to 1, and 0 beyond. */
function kaiser(x: number): number {
  return Math.abs(x) > 1 ? 0 : bessel(beta * Math.sqrt(1 - x * x)) / bessel(beta);
}

/** The modified Bessel function of order 0, by its power series. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-9; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
