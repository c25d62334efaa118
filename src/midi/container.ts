/** @file What MIDI bytes come wrapped in: gzip and RIFF are opened, other formats are named and refused. */
import { Gunzip } from "fflate";
import { messageOf } from "../util/errors.ts";
import { MidiError, type WarningList } from "./error.ts";

/** A day of dense piano music is a tenth of this. Reading takes up to thirty bytes of memory a byte. */
export const largestMidiFile = 16 * 1024 * 1024;

/** What unfolds further than this is a bomb: MIDI files shrink to a fifth, of repeated bars to a fiftieth. */
const largestUnfolding = 100;
const alwaysUnfolded = 2 * 1024 * 1024;

const expectedHeader = 'a Standard MIDI File, which begins with "MThd"';

/** Four-letter codes at the start of other formats, as people call them. */
const foreign: readonly (readonly [code: string, name: string])[] = [
  ["SMF2CLIP", "a MIDI 2.0 clip file (SMF2CLIP), which Rubato does not read"],
  ["SMF2CON1", "a MIDI 2.0 container file (SMF2CON1), which Rubato does not read"],
  ["PK\u0003\u0004", "a zip archive (give the archive itself to `rubato prepare`, or unpack it first)"],
  ["%PDF", "a PDF document"],
  ["ID3", "an MP3 audio file"],
  ["OggS", "an Ogg audio file"],
  ["fLaC", "a FLAC audio file"],
  ["<?xml", "an XML document (MusicXML has to be exported as MIDI first)"],
  ["<!DOC", "a web page"],
  ["<html", "a web page"],
  ["FORM", "an IFF file (XMIDI has to be converted to MIDI first)"],
];

export function ascii(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}

/** The Standard MIDI File inside: begins with "MThd". */
export function unwrap(bytes: Uint8Array, warnings: WarningList): Uint8Array {
  if (bytes.length > largestMidiFile) {
    throw new MidiError(0, `${bytes.length} bytes`, `a MIDI file of at most ${largestMidiFile} bytes`);
  }
  if (bytes.length === 0) throw new MidiError(0, "an empty file", expectedHeader);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return unwrap(gunzip(bytes), warnings);
  if (ascii(bytes, 0, 4) === "MThd") return bytes;
  if (ascii(bytes, 0, 4) === "RIFF") return unwrapRiff(bytes);
  const known = foreign.find(([code]) => ascii(bytes, 0, code.length) === code);
  if (known) throw new MidiError(0, known[1], expectedHeader);
  return skipPrefix(bytes, warnings);
}

function gunzip(bytes: Uint8Array): Uint8Array {
  const limit = Math.min(largestMidiFile, Math.max(alwaysUnfolded, bytes.length * largestUnfolding));
  const parts: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  const stream = new Gunzip((part, final) => {
    parts.push(part);
    size += part.length;
    ended = final;
  });
  // Small steps: deflate unfolds at most 1,032-fold, so a bomb is seen before it fills the memory.
  const step = 2 * 1024;
  try {
    for (let at = 0; at < bytes.length && size <= limit; at += step) {
      stream.push(bytes.subarray(at, at + step), at + step >= bytes.length);
    }
  } catch (error) {
    throw new MidiError(0, `a damaged gzip file (${messageOf(error)})`, "a whole gzip file");
  }
  if (size > limit) {
    throw new MidiError(0, `a gzip file that unfolds to over ${limit} bytes`, "a MIDI file");
  }
  if (!ended) throw new MidiError(bytes.length, "the end of a truncated gzip file", "a whole gzip file");
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  if (whole[0] === 0x1f && whole[1] === 0x8b) {
    throw new MidiError(0, "a gzip file inside a gzip file", "a MIDI file inside");
  }
  return whole;
}

/** RMID: RIFF, its length, "RMID", then chunks of which "data" is the file. Chunks begin at even places. */
function unwrapRiff(bytes: Uint8Array): Uint8Array {
  const kind = ascii(bytes, 8, 4);
  if (kind !== "RMID") {
    const name = kind === "WAVE" ? "a WAV audio file" : `a RIFF file of kind "${printable(kind)}"`;
    throw new MidiError(8, name, "RIFF of kind RMID, or a Standard MIDI File");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 12;
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at + 4, true);
    if (ascii(bytes, at, 4) === "data") {
      const inside = bytes.subarray(at + 8, Math.min(at + 8 + length, bytes.length));
      if (ascii(inside, 0, 4) === "MThd") return inside;
      throw new MidiError(at + 8, `"${printable(ascii(inside, 0, 4))}" inside RIFF`, expectedHeader);
    }
    at += 8 + length + (length & 1);
  }
  throw new MidiError(at, "the end of a RIFF file", 'its "data" chunk');
}

/** Some programs put a header of their own in front (MacBinary: 128 bytes). */
function skipPrefix(bytes: Uint8Array, warnings: WarningList): Uint8Array {
  const last = Math.min(bytes.length - 14, 1024);
  for (let at = 1; at <= last; at++) {
    if (bytes[at] === 0x4d && ascii(bytes, at, 4) === "MThd") {
      warnings.add("wrapped", 0, `${at} bytes before "MThd"`, "skipped them");
      return bytes.subarray(at);
    }
  }
  throw new MidiError(0, `"${printable(ascii(bytes, 0, 4))}"`, expectedHeader);
}

/** Text from unknown bytes, safe to print. */
export function printable(text: string): string {
  return text.replace(
    /[^\u0020-\u007e]/g,
    (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
