import { describe, expect, test } from "vitest";
import wavefile from "wavefile";
import { z } from "zod";
import type { Audio } from "./audio.ts";
import { encodeWav } from "./wav.ts";

const frames = 4410;
const ramp: Audio = {
  sampleRate: 44_100,
  channels: [
    Float32Array.from({ length: frames }, (_, i) => i / frames - 0.5),
    Float32Array.from({ length: frames }, (_, i) => 0.25 * Math.sin(i / 10)),
  ],
};

/** The library's types promise one channel, whatever there is. */
const channelsSchema = z.tuple([z.instanceof(Float64Array), z.instanceof(Float64Array)]);

/** Read by a library that had no part in writing. */
function read(bytes: Uint8Array) {
  const file = new wavefile.WaveFile(bytes);
  const samples = channelsSchema.parse(file.getSamples(false, Float64Array));
  return { fmt: file.fmt, depth: file.bitDepth, samples };
}

describe("a WAV file", () => {
  test("of 16 bits says what it is and holds the samples, to a step and a half", () => {
    const { fmt, depth, samples } = read(encodeWav(ramp));
    expect(fmt).toMatchObject({
      audioFormat: 1,
      numChannels: 2,
      sampleRate: 44_100,
      byteRate: 176_400,
      blockAlign: 4,
      bitsPerSample: 16,
    });
    expect(depth).toBe("16");
    for (const [side, channel] of ramp.channels.entries()) {
      expect(samples[side].length).toBe(frames);
      for (let i = 0; i < frames; i++)
        expect(Math.abs(samples[side][i] - channel[i] * 32_767) <= 1.5).toBe(true);
    }
  });

  test("of floats holds them exactly", () => {
    const { fmt, samples } = read(encodeWav({ ...ramp, sampleRate: 48_000 }, { format: "float32" }));
    expect(fmt).toMatchObject({ audioFormat: 3, sampleRate: 48_000, blockAlign: 8, bitsPerSample: 32 });
    for (const [side, channel] of ramp.channels.entries())
      expect(Float32Array.from(samples[side])).toEqual(channel);
  });

  test("dithers: the error does not follow the music, silence is silent, and two runs agree", () => {
    // A tone of less than half a step would vanish by rounding; in the noise it is still there.
    const quiet = Float32Array.from({ length: 44_100 }, (_, i) => (0.4 * Math.sin(i / 7)) / 32_767);
    const [left] = read(encodeWav({ sampleRate: 44_100, channels: [quiet, quiet] })).samples;
    const likeness = left.reduce((sum, value, i) => sum + value * Math.sin(i / 7), 0);
    expect((2 * likeness) / left.length).toBeCloseTo(0.4, 1);
    const silent = new Float32Array(100);
    const bytes = encodeWav({ sampleRate: 44_100, channels: [silent, silent] });
    expect(bytes.subarray(44).every((byte) => byte === 0)).toBe(true);
    expect(encodeWav(ramp)).toEqual(encodeWav(ramp));
  });

  test("clips what is beyond full scale rather than turning it over", () => {
    const [left, right] = read(
      encodeWav({ sampleRate: 8000, channels: [Float32Array.of(2), Float32Array.of(-2)] }),
    ).samples;
    expect([left[0], right[0]]).toEqual([32_767, -32_768]);
  });
});
