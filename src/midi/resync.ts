/**
 * @file Where music goes on after bytes that are no events. A bad sector or an encrypted block would otherwise be read
 * as thousands of notes that nobody played.
 */
import { hasTwoDataBytes, metaType } from "./file.ts";

/** Of random bytes a quarter pass as one event, so that sixteen in a row are no accident. */
const cleanRun = 16;
/** Shorter runs count only where the track ends after them. */
const shortestRun = 4;

/**
 * The first place from `from` on where a run of clean events begins, or -1. They may only use the channel statuses
 * that the track used before (`seen`, by the low seven bits), if it used any.
 */
export function findEvents(bytes: Uint8Array, from: number, end: number, seen: Uint8Array): number {
  const known = seen.includes(1);
  for (let at = from; at < end; at++) {
    // The run begins with the last byte of a delta time: what stands before it may be noise that would be years.
    if (bytes[at] > 0x7f) continue;
    if (beginsRun(bytes, at, end, (status) => !known || seen[status & 0x7f] === 1)) return at;
  }
  return -1;
}

function beginsRun(
  bytes: Uint8Array,
  at: number,
  end: number,
  accepts: (status: number) => boolean,
): boolean {
  let running = 0;
  for (let events = 0; events < cleanRun; events++) {
    at = skipNumber(bytes, at, end);
    if (at < 0) return false;
    if (at >= end) return events >= shortestRun;
    let status = bytes[at];
    if (status >= 0x80) at++;
    else if (running === 0) return false;
    else status = running;
    if (status < 0xf0) {
      if (!accepts(status)) return false;
      running = status;
      const size = hasTwoDataBytes(status) ? 2 : 1;
      if (at + size > end) return events >= shortestRun;
      if (bytes[at] > 0x7f || (size === 2 && bytes[at + 1] > 0x7f)) return false;
      at += size;
    } else {
      if (status !== 0xff && status !== 0xf0 && status !== 0xf7) return false;
      if (status === 0xff) {
        if (bytes[at] === metaType.endOfTrack && bytes[at + 1] === 0) return at + 2 <= end;
        if (bytes[at++] > 0x7f) return false;
      }
      const contents = skipNumber(bytes, at, end);
      if (contents < 0) return false;
      let length = 0;
      for (; at < contents; at++) length = length * 128 + (bytes[at] & 0x7f);
      at += length;
      if (at > end) return false;
    }
  }
  return true;
}

/** The place after a variable-length number of at most four bytes, or -1. */
function skipNumber(bytes: Uint8Array, at: number, end: number): number {
  const last = at + 4;
  while (at < end && at < last) if (bytes[at++] < 0x80) return at;
  return -1;
}
