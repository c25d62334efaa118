/** @file Bytes → MidiFile: header and chunks. Faults are mended and reported, or the file is refused with one error. */
import { ColumnPool } from "./columns.ts";
import { ascii, unwrap } from "./container.ts";
import { MidiError, type MidiWarning, WarningList } from "./error.ts";
import type { Chunk, Division, MidiFile } from "./file.ts";
import { readTrack } from "./track-reader.ts";

export interface MidiReading {
  readonly file: MidiFile;
  readonly warnings: readonly MidiWarning[];
}

/**
 * Reads a Standard MIDI File of format 0, 1 or 2, plain, gzipped or in RIFF.
 *
 * @throws MidiError where there is nothing to read: not MIDI, a header cut off, a division of zero.
 */
export function readMidi(bytes: Uint8Array): MidiReading {
  const warnings = new WarningList();
  const file = readWith(unwrap(bytes, warnings), warnings);
  return { file, warnings: warnings.toArray() };
}

/** As `readMidi`, adding to a list of warnings that goes on. */
export function readWith(bytes: Uint8Array, warnings: WarningList): MidiFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 14) throw new MidiError(bytes.length, "the end of the file", "a header of 14 bytes");
  const headerLength = view.getUint32(4);
  const format = readFormat(view.getUint16(8), warnings);
  const announced = view.getUint16(10);
  const division = readDivision(view.getInt16(12));
  const chunks = readChunks(bytes, bodyStart(bytes, headerLength, warnings), announced, warnings);
  const tracks = chunks.filter((chunk) => chunk.type === "track").length;
  if (tracks !== announced) {
    warnings.add(
      "track-count",
      10,
      `${announced} tracks announced, ${tracks} there`,
      "took those that are there",
    );
  }
  if (announced === 0 && tracks === 0) {
    warnings.add("track-count", 10, "no track at all", "gave back a file without music");
  }
  if (format === 0 && tracks > 1) {
    warnings.add("bad-header", 8, `format 0 with ${tracks} tracks`, "let them sound together");
  }
  return { format, division, chunks };
}

function readFormat(format: number, warnings: WarningList): 0 | 1 | 2 {
  if (format === 0 || format === 1 || format === 2) return format;
  warnings.add("bad-header", 8, `format ${format}`, "read it as format 1");
  return 1;
}

function readDivision(division: number): Division {
  if (division > 0) return { type: "quarters", ticksPerQuarter: division };
  const frames = -(division >> 8);
  const ticksPerFrame = division & 0xff;
  if (division === 0 || ticksPerFrame === 0) {
    throw new MidiError(12, "a division of zero ticks", "ticks per quarter, or frames and ticks per frame");
  }
  if (frames !== 24 && frames !== 25 && frames !== 29 && frames !== 30) {
    throw new MidiError(12, `${frames} frames per second`, "24, 25, 29 (drop frame) or 30 frames per second");
  }
  // 29 stands for 30 drop frame: 30,000 / 1,001 frames a second.
  return { type: "smpte", framesPerSecond: frames === 29 ? 30_000 / 1001 : frames, ticksPerFrame };
}

/** Where the chunks begin: a header may be longer than six bytes, or only say so. */
function bodyStart(bytes: Uint8Array, headerLength: number, warnings: WarningList): number {
  if (headerLength === 6) return 14;
  const said = 8 + headerLength;
  if (headerLength > 6 && ascii(bytes, 14, 4) !== "MTrk" && said <= bytes.length) {
    warnings.add("bad-header", 4, `a header of ${headerLength} bytes`, "skipped what is past the sixth");
    return said;
  }
  warnings.add("bad-header", 4, `a header of ${headerLength} bytes`, "read it as six");
  return 14;
}

/** As many as a header can announce; a hostile file holds millions of empty ones, which would fill the memory. */
const mostChunks = 0xffff;

function readChunks(bytes: Uint8Array, start: number, announced: number, warnings: WarningList): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  const pool = new ColumnPool();
  let at = start;
  let tracks = 0;
  while (at < bytes.length) {
    if (chunks.length === mostChunks) {
      warnings.add("track-count", at, `more than ${mostChunks} chunks`, "left out the rest");
      break;
    }
    const id = looksLikeChunk(bytes, at) ? ascii(bytes, at, 4) : undefined;
    const body = at + 8;
    const end = id === undefined ? body : body + view.getUint32(at + 4);
    if (id === "MTrk") {
      const { chunk, next } = readTrackChunk(bytes, body, end, `track ${tracks++}`, warnings, pool);
      chunks.push(chunk);
      at = next;
    } else if (id !== undefined && end <= bytes.length) {
      warnings.add("alien-chunk", at, `a chunk "${id}" of ${end - body} bytes`, "kept it unread");
      chunks.push({ type: "alien", id, bytes: bytes.slice(body, end) });
      at = end;
    } else if (announced > 0 && tracks >= announced) {
      // Programs that write a shorter file over a longer one leave the older tracks behind: heard twice, otherwise.
      warnings.add("bytes-after-end", at, `${bytes.length - at} bytes after the last track`, "left them out");
      break;
    } else {
      const next = trackOrEnd(bytes, at + 1);
      warnings.add("bytes-after-end", at, `${next - at} bytes that are no chunk`, "skipped them");
      at = next;
    }
  }
  return chunks;
}

/** Reads a track whose length may be wrong: then its End of Track, or the next track, says where it ends. */
function readTrackChunk(
  bytes: Uint8Array,
  body: number,
  declaredEnd: number,
  label: string,
  warnings: WarningList,
  pool: ColumnPool,
): { readonly chunk: Chunk; readonly next: number } {
  const wrongLength = (found: string, done: string) =>
    warnings.add("wrong-length", body - 4, `${label}: ${found}`, done);
  const whole = declaredEnd <= bytes.length;
  const plausible = whole && (declaredEnd === bytes.length || looksLikeChunk(bytes, declaredEnd));
  if (!whole)
    wrongLength(`${declaredEnd - bytes.length} bytes fewer than its length says`, "read what is there");
  const limit = plausible ? declaredEnd : trackOrEnd(bytes, whole ? declaredEnd : body);

  const before = warnings.mark();
  const attempt = (end: number) => {
    warnings.rewind(before);
    return readTrack(bytes, body, end, label, warnings, pool);
  };
  let reading = attempt(limit);
  if (limit > declaredEnd && reading.ending !== "marked") {
    // No End of Track further on. If an event ends where the track should, its length is right and junk follows.
    const further = reading.track.count;
    reading = attempt(declaredEnd);
    if (reading.ending === "broken" && further > reading.track.count) reading = attempt(limit);
  }
  const { track, next } = reading;
  const chunk: Chunk = { type: "track", track };
  if (next > declaredEnd) {
    wrongLength(`it ends ${next - declaredEnd} bytes past its length`, "read on");
    return { chunk, next };
  }
  if (next < declaredEnd && whole && (!plausible || isTrackHeader(bytes, next))) {
    wrongLength(`its length is ${declaredEnd - next} bytes too long`, "went on after its last event");
    return { chunk, next };
  }
  if (next < declaredEnd && whole) {
    warnings.add(
      "bytes-after-end",
      next,
      `${label}: ${declaredEnd - next} bytes after its last event`,
      "skipped them",
    );
    return { chunk, next: declaredEnd };
  }
  return { chunk, next };
}

/** Four printable letters and room for a length. */
function looksLikeChunk(bytes: Uint8Array, at: number): boolean {
  if (at + 8 > bytes.length) return false;
  for (let i = at; i < at + 4; i++) if (bytes[i] < 0x20 || bytes[i] > 0x7e) return false;
  return true;
}

function isTrackHeader(bytes: Uint8Array, at: number): boolean {
  return (
    at + 8 <= bytes.length &&
    bytes[at] === 0x4d &&
    bytes[at + 1] === 0x54 &&
    bytes[at + 2] === 0x72 &&
    bytes[at + 3] === 0x6b
  );
}

/** The next "MTrk" from `at` on, or -1. */
function findTrack(bytes: Uint8Array, at: number): number {
  for (let i = bytes.indexOf(0x4d, at); i >= 0; i = bytes.indexOf(0x4d, i + 1)) {
    if (isTrackHeader(bytes, i)) return i;
  }
  return -1;
}

function trackOrEnd(bytes: Uint8Array, at: number): number {
  const track = findTrack(bytes, at);
  return track < 0 ? bytes.length : track;
}
