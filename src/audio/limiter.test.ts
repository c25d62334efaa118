import { describe, expect, test } from "vitest";
import { createRandom } from "../util/random.ts";
import { limit } from "./limiter.ts";

const stereo = (left: Float32Array) => ({ sampleRate: 44_100, channels: [left, left.slice()] as const });

describe("the limiter", () => {
  test("leaves what is not too loud as it is, bit for bit", () => {
    const quiet = Float32Array.from({ length: 5000 }, (_, i) => 0.8 * Math.sin(i / 20));
    const audio = stereo(quiet.slice());
    expect(limit(audio, 0.9)).toBe(0);
    expect(audio.channels[0]).toEqual(quiet);
  });

  test("keeps everything below the ceiling, wherever peaks stand", () => {
    const random = createRandom(3);
    for (let round = 0; round < 20; round++) {
      const samples = Float32Array.from({ length: 3000 + random.integer(200) }, () => 0.1 * random.next());
      for (let i = 0; i < 12; i++) samples[random.integer(samples.length)] = 8 * random.next() - 4;
      const audio = stereo(samples);
      limit(audio, 0.9);
      for (const channel of audio.channels) {
        expect(channel.every((sample) => Math.abs(sample) <= 0.9 + 1e-6)).toBe(true);
      }
    }
  });

  test("turns down smoothly before a peak, comes back after it, and says by how much", () => {
    const samples = new Float32Array(44_100).fill(0.2);
    samples[22_000] = 1.8;
    const audio = stereo(samples);
    expect(limit(audio, 0.9)).toBeCloseTo(6.02, 2);
    const [left] = audio.channels;
    expect(left[20_000]).toBeCloseTo(0.2, 6);
    expect(left[21_960]).toBeLessThan(0.12);
    expect(left[44_000]).toBeGreaterThan(0.19);
    for (let i = 1; i < left.length; i++) {
      if (i !== 22_000 && i !== 22_001) expect(Math.abs(left[i] - left[i - 1]) < 0.001).toBe(true);
    }
  });
});
