/** @file Sound as an MP3, by LAME in WebAssembly. */
import type { Audio } from "./audio.ts";

/** Kilobits a second that encoders know for the higher rates (MPEG-1) and the lower ones (MPEG-2). */
const bitrates = { high: 192, low: 160 } as const;
/** Of small ones: enough for a piano on one channel below 32,000 Hz. */
const smallBitrate = 40;
const lowestOfMpeg1 = 32_000;
/** Frames given to the encoder at a time. */
const portion = 1152 * 64;

export interface Mp3Options {
  /** One channel at 40 kbit/s: for pages that hold many pieces of music. Sounds best at 22,050 Hz. */
  readonly small?: boolean;
}

/** At 192 kbit/s, or 160 below 32,000 Hz, which is as much as MPEG-2 has; unless it shall be small. */
export async function encodeMp3(
  { sampleRate, channels: [left, right] }: Audio,
  { small = false }: Mp3Options = {},
): Promise<Uint8Array> {
  // Loaded where it is asked for: most people write WAV.
  const { createMp3Encoder } = await import("wasm-media-encoders");
  const encoder = await createMp3Encoder();
  const whole = sampleRate < lowestOfMpeg1 ? bitrates.low : bitrates.high;
  const channels = small ? [left.map((sample, i) => (sample + right[i]) / 2)] : [left, right];
  encoder.configure({
    channels: small ? 1 : 2,
    sampleRate,
    bitrate: small ? smallBitrate : whole,
  });
  const parts: Uint8Array[] = [];
  for (let at = 0; at < left.length; at += portion) {
    // Copied: the encoder hands out its own memory, and uses it again.
    parts.push(encoder.encode(channels.map((channel) => channel.subarray(at, at + portion))).slice());
  }
  parts.push(encoder.finalize().slice());
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
