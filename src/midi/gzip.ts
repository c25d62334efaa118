/** @file Gzip opened with care: bombs are refused, damage is reported, and what came before the damage is kept. */
import { Gunzip } from "fflate";
import { messageOf } from "../util/errors.ts";
import { MidiError, type WarningList } from "./error.ts";

/** What unfolds further than this is a bomb: MIDI files shrink to a fifth, of repeated bars to a fiftieth. */
const largestUnfolding = 100;
const alwaysUnfolded = 2 * 1024 * 1024;

/** Deflate unfolds at most 1,032-fold: in small steps a bomb is seen before it fills the memory. */
const step = 256;
/** A header of ten bytes, at least no blocks, and a trailer of eight. */
const smallest = 18;

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

export function gunzip(bytes: Uint8Array, largest: number, warnings: WarningList): Uint8Array {
  const expected = "a whole gzip file";
  if (bytes.length < smallest)
    throw new MidiError(bytes.length, "the end of a truncated gzip file", expected);
  const limit = Math.min(largest, Math.max(alwaysUnfolded, bytes.length * largestUnfolding));
  const { parts, size, furtherMembers, damage } = unfold(bytes, limit);
  if (size > limit) throw new MidiError(0, `a gzip file that unfolds to over ${limit} bytes`, "a MIDI file");
  if (size === 0) {
    throw new MidiError(
      0,
      damage === undefined ? "an empty gzip file" : `a damaged gzip file (${damage})`,
      expected,
    );
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  if (isGzip(whole)) throw new MidiError(0, "a gzip file inside a gzip file", "a MIDI file inside");
  if (damage !== undefined) {
    warnings.add(
      "bad-gzip",
      0,
      `a damaged gzip file (${damage})`,
      `read the ${size} bytes before the damage`,
    );
  } else if (furtherMembers === 0 && !fitsTrailer(bytes, whole)) {
    warnings.add(
      "bad-gzip",
      0,
      "a gzip file whose checksum does not fit",
      "read what is inside nevertheless",
    );
  }
  return whole;
}

function unfold(bytes: Uint8Array, limit: number) {
  const parts: Uint8Array[] = [];
  let size = 0;
  let furtherMembers = 0;
  let damage: string | undefined;
  const stream = new Gunzip((part) => {
    parts.push(part);
    size += part.length;
  });
  stream.onmember = () => furtherMembers++;
  try {
    for (let at = 0; at < bytes.length && size <= limit; at += step)
      stream.push(bytes.subarray(at, at + step), false);
    if (size <= limit) stream.push(new Uint8Array(0), true);
  } catch (error) {
    damage = messageOf(error);
  }
  return { parts, size, furtherMembers, damage };
}

/** The last eight bytes: a checksum (CRC-32) of what is inside, and its length. */
function fitsTrailer(bytes: Uint8Array, inside: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (
    view.getUint32(bytes.length - 4, true) === inside.length &&
    view.getUint32(bytes.length - 8, true) === checksum(inside)
  );
}

function checksum(bytes: Uint8Array): number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
    return byte;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}
