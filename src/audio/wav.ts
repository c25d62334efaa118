/** @file Sound as a WAV file: RIFF, 16-bit integers with dither, or 32-bit floats. */
import { createRandom } from "../util/random.ts";
import type { Audio } from "./audio.ts";
import { AudioError } from "./error.ts";

export interface WavOptions {
  /** 16-bit integers, which everything reads, if left out. */
  readonly format?: "int16" | "float32";
}

/** Tags of the formats (RFC 2361): integers, and floats. */
const tags = { int16: 1, float32: 3 };

/**
 * @throws AudioError where the file would pass 4 GiB, which is as much as its header can say.
 */
export function encodeWav(
  { sampleRate, channels }: Audio,
  { format = "int16" }: WavOptions = {},
): Uint8Array {
  const frames = channels[0].length;
  const width = format === "int16" ? 2 : 4;
  const frameBytes = 2 * width;
  const dataBytes = frames * frameBytes;
  // What is not of integers also says how many frames it has, in a chunk "fact".
  const header = format === "int16" ? 44 : 56;
  if (header + dataBytes > 2 ** 32) {
    throw new AudioError(`found sound of ${dataBytes} bytes, expected less than 4 GiB: write an MP3 instead`);
  }
  const bytes = new Uint8Array(header + dataBytes);
  const view = new DataView(bytes.buffer);
  const text = (at: number, letters: string) => bytes.set(new TextEncoder().encode(letters), at);
  text(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, tags[format], true);
  view.setUint16(22, 2, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 8 * width, true);
  if (format === "float32") {
    text(36, "fact");
    view.setUint32(40, 4, true);
    view.setUint32(44, frames, true);
  }
  text(header - 8, "data");
  view.setUint32(header - 4, dataBytes, true);
  if (format === "int16") writeIntegers(view, header, channels);
  else writeFloats(view, header, channels);
  return bytes;
}

function writeFloats(view: DataView, at: number, channels: Audio["channels"]): void {
  for (let i = 0; i < channels[0].length; i++) {
    for (const channel of channels) {
      view.setFloat32(at, channel[i], true);
      at += 4;
    }
  }
}

/**
 * Rounded with triangular dither, two steps wide, so that what dies away does so in noise and not in distortion. The
 * noise is the same in every run; digital silence stays silent.
 */
function writeIntegers(view: DataView, at: number, channels: Audio["channels"]): void {
  const random = createRandom("dither");
  for (let i = 0; i < channels[0].length; i++) {
    for (const channel of channels) {
      const noise = channel[i] === 0 ? 0 : random.next() - random.next();
      const value = Math.round(channel[i] * 32_767 + noise);
      view.setInt16(at, Math.max(-32_768, Math.min(32_767, value)), true);
      at += 2;
    }
  }
}
