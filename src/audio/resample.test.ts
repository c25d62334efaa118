import { expect, test } from "vitest";
import { loudness } from "../../test/audio/measure.ts";
import { createResampler } from "./resample.ts";

const sine = (length: number, cyclesPerSample: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(2 * Math.PI * cyclesPerSample * i));

function resampled(source: Float32Array, step: number, length: number, from = 100): Float32Array {
  const result = new Float32Array(length);
  createResampler(step)(source, from, result);
  return result;
}

/** What is left beside the sine that should be there, against the sine. */
function error(step: number, cyclesPerSample: number): number {
  const length = 4000;
  const result = resampled(sine(10_000, cyclesPerSample), step, length);
  const ideal = Float32Array.from({ length }, (_, i) =>
    Math.sin(2 * Math.PI * cyclesPerSample * (100 + i * step)),
  );
  return loudness(result.map((sample, i) => sample - ideal[i])) - loudness(ideal);
}

test("a partial comes out at its new pitch, with errors that nobody hears", () => {
  // 480, 2,400 and 9,600 Hz of 48,000, bent as between 48,000 and 44,100 and by a semitone both ways.
  for (const step of [48_000 / 44_100, 1.1532, 1.0273, 0.9439]) {
    expect(error(step, 0.01)).toBeLessThan(-70);
    expect(error(step, 0.05)).toBeLessThan(-60);
    expect(error(step, 0.2)).toBeLessThan(-45);
  }
});

test("what would lie beyond half the new rate does not come back as an alias", () => {
  const result = resampled(sine(20_000, 0.4), 2, 4000);
  expect(loudness(result)).toBeLessThan(-50);
});

test("after the end of the source there is silence, whatever was there before", () => {
  const result = new Float32Array(1000).fill(1);
  createResampler(1)(sine(500, 0.01), 0, result);
  expect(result.subarray(500).every((sample) => sample === 0)).toBe(true);
  expect(loudness(result.subarray(100, 400))).toBeCloseTo(-3, 0);
});
