/** @file What MIDI bytes come wrapped in: gzip and RIFF are opened, other formats are named and refused. */
import { MidiError, type WarningList } from "./error.ts";
import { gunzip, isGzip } from "./gzip.ts";

/** A day of dense piano music is a tenth of this. Reading takes up to thirty bytes of memory a byte. */
export const largestMidiFile = 16 * 1024 * 1024;

const expectedHeader = 'a Standard MIDI File, which begins with "MThd"';

/** Four-letter codes at the start of other formats, as people call them. */
const foreign: readonly (readonly [code: string, name: string])[] = [
  ["SMF2CLIP", "a MIDI 2.0 clip file (SMF2CLIP), which Rubato does not read"],
  ["SMF2CON1", "a MIDI 2.0 container file (SMF2CON1), which Rubato does not read"],
  ["PK\u0003\u0004", "a zip archive (give the archive itself to `rubato prepare`, or unpack it first)"],
  ["\u0089PNG", "a PNG picture"],
  ["\u00ff\u00d8\u00ff", "a JPEG picture"],
  ["GIF8", "a GIF picture"],
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
  if (isGzip(bytes)) return unwrap(gunzip(bytes, largestMidiFile, warnings), warnings);
  if (ascii(bytes, 0, 4) === "MThd") return bytes;
  if (ascii(bytes, 0, 4) === "RIFF") return unwrapRiff(bytes, warnings);
  const known = foreign.find(([code]) => ascii(bytes, 0, code.length) === code);
  if (known) throw new MidiError(0, known[1], expectedHeader);
  return skipPrefix(bytes, warnings, `"${printable(ascii(bytes, 0, 4))}"`);
}

/** RMID: RIFF, its length, "RMID", then chunks of which "data" is the file. Chunks begin at even places. */
function unwrapRiff(bytes: Uint8Array, warnings: WarningList): Uint8Array {
  const kind = ascii(bytes, 8, 4);
  if (kind !== "RMID") {
    const name = kind === "WAVE" ? "a WAV audio file" : `a RIFF file of kind "${printable(kind)}"`;
    throw new MidiError(Math.min(8, bytes.length), name, "RIFF of kind RMID, or a Standard MIDI File");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 12;
  while (at + 8 <= bytes.length) {
    const begin = at + 8;
    const length = view.getUint32(at + 4, true);
    if (ascii(bytes, at, 4) === "data" && ascii(bytes, begin, 4) === "MThd") {
      return bytes.subarray(begin, Math.min(begin + length, bytes.length));
    }
    at = begin + length + (length & 1);
  }
  return skipPrefix(bytes, warnings, 'RIFF without a MIDI file in its "data" chunk');
}

/** Some programs put a header of their own in front (MacBinary: 128 bytes). */
function skipPrefix(bytes: Uint8Array, warnings: WarningList, found: string): Uint8Array {
  const last = Math.min(bytes.length - 14, 1024);
  for (let at = 1; at <= last; at++) {
    if (bytes[at] === 0x4d && ascii(bytes, at, 4) === "MThd") {
      warnings.add("wrapped", 0, `${at} bytes before "MThd"`, "skipped them");
      return bytes.subarray(at);
    }
  }
  throw new MidiError(0, found, expectedHeader);
}

/** Text from unknown bytes, safe to print. */
export function printable(text: string): string {
  return text.replace(
    /[^\u0020-\u007e]/g,
    (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
