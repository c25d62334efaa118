/** @file MIDI bytes by hand: headers, chunks and the few events that tests are made of. */

const text = (letters: string) => [...letters].map((letter) => letter.charCodeAt(0));
const uint32 = (value: number) => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
const uint16 = (value: number) => [(value >> 8) & 0xff, value & 0xff];

export interface Header {
  readonly format?: number;
  /** How many tracks the header announces; those that are there unless said otherwise. */
  readonly tracks?: number;
  /** Ticks per quarter, or `smpte(…)`. */
  readonly division?: number;
}

/** A division of real time. */
export const smpte = (frames: number, ticksPerFrame: number): number =>
  ((-frames & 0xff) << 8) | ticksPerFrame;

export function chunk(id: string, bytes: readonly number[], length = bytes.length): number[] {
  return [...text(id), ...uint32(length), ...bytes];
}

/** A track chunk; End of Track is for its bytes to say. */
export const track = (...bytes: readonly number[]): number[] => chunk("MTrk", bytes);

/** A Standard MIDI File of chunks; format 1 unless said otherwise. */
export function smf(chunks: readonly (readonly number[])[], header: Header = {}): Uint8Array {
  const { format = 1, tracks = chunks.filter(isTrack).length, division = 96 } = header;
  return Uint8Array.from([
    ...chunk("MThd", [...uint16(format), ...uint16(tracks), ...uint16(division)]),
    ...chunks.flat(),
  ]);
}

const isTrack = (bytes: readonly number[]) => bytes[0] === 0x4d && bytes[1] === 0x54 && bytes[2] === 0x72;

/** End of Track without delay. */
export const end = [0x00, 0xff, 0x2f, 0x00] as const;

/** A quarter note of 96 ticks on the first channel. */
export const quarterNote = (pitch: number) => [0x00, 0x90, pitch, 64, 0x60, 0x80, pitch, 64] as const;

/** RIFF around chunks of its own. */
export function riff(
  kind: string,
  chunks: readonly (readonly [id: string, bytes: Uint8Array])[],
): Uint8Array {
  const little = (value: number) => uint32(value).reverse();
  const body = chunks.flatMap(([id, bytes]) => [
    ...text(id),
    ...little(bytes.length),
    ...bytes,
    ...(bytes.length % 2 === 1 ? [0] : []),
  ]);
  return Uint8Array.from([...text("RIFF"), ...little(body.length + 4), ...text(kind), ...body]);
}

export const asciiBytes = (letters: string): Uint8Array => Uint8Array.from(text(letters));
