/** @file Ogg Vorbis to samples, and no more of it than is needed: decoding is most of the work of a short piece. */
import { StbVorbis } from "stb-vorbis";
import { messageOf } from "../util/errors.ts";
import type { Audio } from "./audio.ts";
import { AudioError } from "./error.ts";

/** Resolves when the decoder can be called. */
export const vorbisReady: Promise<void> = StbVorbis.ready;

/** Decoding ends a block before the last page that is given. */
const secondsBeyond = 0.1;

/**
 * The first `seconds` of a file, or the whole where it is shorter.
 *
 * @param name what the file is called in errors.
 * @throws AudioError where the bytes are no Ogg Vorbis.
 */
export function decodeVorbis(bytes: Uint8Array, seconds: number, name: string): Audio {
  const { sampleRate, channels } = decoded(beginning(bytes, seconds + secondsBeyond, name), name);
  const [left, right = left] = channels;
  return { sampleRate, channels: [left, right] };
}

function decoded(bytes: Uint8Array<ArrayBuffer>, name: string) {
  try {
    return StbVorbis.decode(bytes);
  } catch (error) {
    throw damaged(name, messageOf(error));
  }
}

function damaged(name: string, why: string): AudioError {
  return new AudioError(
    `found a damaged sample in ${name} (${why}), expected Ogg Vorbis: run \`npm install\` again`,
  );
}

/**
 * The pages up to the one that reaches `seconds`. A page begins with "OggS" and says at byte 6 how many frames end by
 * it, and from byte 26 on how long it is (RFC 3533, section 6).
 */
function beginning(bytes: Uint8Array, seconds: number, name: string): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isPage = (at: number) => at + 27 <= bytes.length && view.getUint32(at) === 0x4f676753;
  // The first page holds the identification header: 28 bytes of page, then the rate at byte 12 (Vorbis I, 4.2.2).
  if (!isPage(0) || bytes.length < 58) throw damaged(name, `${bytes.length} bytes`);
  const frames = seconds * view.getUint32(28 + 12, true);
  let at = 0;
  while (isPage(at)) {
    const position = view.getBigInt64(at + 6, true);
    const segments = bytes[at + 26];
    let length = 27 + segments;
    for (let i = 0; i < segments; i++) length += bytes[at + 27 + i];
    at += length;
    if (Number(position) >= frames) break;
  }
  return new Uint8Array(bytes.slice(0, at));
}
