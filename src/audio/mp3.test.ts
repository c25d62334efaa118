import { MPEGDecoder } from "mpg123-decoder";
import { expect, test } from "vitest";
import { loudness } from "../../test/audio/measure.ts";
import { encodeMp3 } from "./mp3.ts";

const tone = (sampleRate: number, hertz: number, amplitude: number) =>
  Float32Array.from(
    { length: 2 * sampleRate },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / sampleRate),
  );

test.each([48_000, 44_100, 32_000, 22_050])("an MP3 at %i Hz decodes to what went in", async (sampleRate) => {
  const channels = [tone(sampleRate, 440, 0.5), tone(sampleRate, 880, 0.1)] as const;
  const bytes = await encodeMp3({ sampleRate, channels });
  expect(await encodeMp3({ sampleRate, channels })).toEqual(bytes);
  // 192 kbit/s, or 160 where MPEG-2 has no more.
  expect((bytes.length * 8) / 2 / (sampleRate < 32_000 ? 160_000 : 192_000)).toBeCloseTo(1, 0);
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const decoded = decoder.decode(bytes);
  decoder.free();
  expect(decoded.errors).toEqual([]);
  expect(decoded.sampleRate).toBe(sampleRate);
  const [left, right] = decoded.channelData;
  expect(Math.abs(left.length - 2 * sampleRate)).toBeLessThan(0.2 * sampleRate);
  const [from, to] = [0.5 * sampleRate, 1.5 * sampleRate];
  // LAME turns down by up to half a decibel, against overshoots.
  for (const [channel, amplitude] of [
    [left, 0.5],
    [right, 0.1],
  ] as const) {
    const loss = 20 * Math.log10(amplitude / Math.SQRT2) - loudness(channel, from, to);
    expect(loss).toBeGreaterThan(-0.1);
    expect(loss).toBeLessThan(0.6);
  }
});

test("a small MP3 has one channel, the mean of both, at 40 kbit/s", async () => {
  const sampleRate = 22_050;
  const channels = [tone(sampleRate, 440, 0.5), tone(sampleRate, 440, 0.1)] as const;
  const bytes = await encodeMp3({ sampleRate, channels }, { small: true });
  expect((bytes.length * 8) / 2 / 40_000).toBeCloseTo(1, 0);
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const { channelData, errors } = decoder.decode(bytes);
  decoder.free();
  expect(errors).toEqual([]);
  const heard = loudness(channelData[0], 0.5 * sampleRate, 1.5 * sampleRate);
  expect(20 * Math.log10(0.3 / Math.SQRT2) - heard).toBeLessThan(0.6);
});
