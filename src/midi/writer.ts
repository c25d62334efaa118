/** @file MidiFile → bytes. What was read from a canonical file comes out byte for byte. */
import { invariant } from "../util/errors.ts";
import type { Chunk, Division, MidiFile, Track } from "./file.ts";
import { hasTwoDataBytes, payloadOf, tracksOf } from "./file.ts";

/** A Standard MIDI File. Running status is used where the events say so (`Track.implicit`). */
export function writeMidi(file: MidiFile): Uint8Array {
  const bodies = file.chunks.map(encodeChunk);
  const size = bodies.reduce((sum, { body }) => sum + 8 + body.length, 14);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  writeAscii(bytes, 0, "MThd");
  view.setUint32(4, 6);
  view.setUint16(8, file.format);
  view.setUint16(10, tracksOf(file).length);
  view.setInt16(12, encodeDivision(file.division));
  let at = 14;
  for (const { id, body } of bodies) {
    writeAscii(bytes, at, id);
    view.setUint32(at + 4, body.length);
    bytes.set(body, at + 8);
    at += 8 + body.length;
  }
  return bytes;
}

function encodeDivision(division: Division): number {
  if (division.type === "quarters") return division.ticksPerQuarter;
  return -Math.floor(division.framesPerSecond) * 256 + division.ticksPerFrame;
}

function encodeChunk(chunk: Chunk): { readonly id: string; readonly body: Uint8Array } {
  if (chunk.type === "alien") return { id: chunk.id, body: chunk.bytes };
  return { id: "MTrk", body: encodeTrack(chunk.track) };
}

function encodeTrack(track: Track): Uint8Array {
  let size = 0;
  for (const payload of track.payloads.values()) size += payload.length;
  // Per event at most: 4 bytes of delta, status, type or data, 4 bytes of length.
  const bytes = new Uint8Array(track.count * 10 + size);
  let at = 0;
  let tick = 0;
  let running = 0;
  const number = (value: number) => {
    invariant(value >= 0 && value <= 0x0fffffff, `${value} does not fit a variable-length number`);
    for (let shift = 21; shift > 0; shift -= 7)
      if (value >= 1 << shift) bytes[at++] = ((value >> shift) & 0x7f) | 0x80;
    bytes[at++] = value & 0x7f;
  };
  for (let i = 0; i < track.count; i++) {
    number(track.tick[i] - tick);
    tick = track.tick[i];
    const status = track.status[i];
    if (status < 0xf0) {
      // A status may be left out only where it repeats the one before.
      if (track.implicit[i] === 0 || status !== running) bytes[at++] = status;
      running = status;
      bytes[at++] = track.data1[i];
      if (hasTwoDataBytes(status)) bytes[at++] = track.data2[i];
    } else {
      bytes[at++] = status;
      if (status === 0xff) bytes[at++] = track.data1[i];
      const payload = payloadOf(track, i);
      number(payload.length);
      bytes.set(payload, at);
      at += payload.length;
      running = 0;
    }
  }
  return bytes.subarray(0, at);
}

function writeAscii(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}
