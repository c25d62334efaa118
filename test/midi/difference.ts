/** @file Whether two MidiFiles hold the same events. Which status bytes the bytes left out is not asked. */
import { type MidiFile, type Track, tracksOf } from "../../src/midi/index.ts";

/** The first difference in words, or undefined where there is none. */
export function differenceOf(a: MidiFile, b: MidiFile): string | undefined {
  if (a.format !== b.format) return `format ${a.format} and ${b.format}`;
  const divisions = [JSON.stringify(a.division), JSON.stringify(b.division)];
  if (divisions[0] !== divisions[1]) return `division ${divisions.join(" and ")}`;
  const shapes = [shapeOf(a), shapeOf(b)];
  if (shapes[0] !== shapes[1]) return `chunks ${shapes.join(" and ")}`;
  for (const [index, chunk] of a.chunks.entries()) {
    const other = b.chunks[index];
    if (chunk.type === "alien" && other.type === "alien" && !sameBytes(chunk.bytes, other.bytes)) {
      return `chunk ${index} "${chunk.id}"`;
    }
  }
  const others = tracksOf(b);
  for (const [index, track] of tracksOf(a).entries()) {
    const difference = trackDifference(track, others[index]);
    if (difference !== undefined) return `track ${index}, ${difference}`;
  }
  return undefined;
}

function trackDifference(a: Track, b: Track): string | undefined {
  if (a.count !== b.count) return `${a.count} and ${b.count} events`;
  for (let i = 0; i < a.count; i++) {
    for (const column of ["tick", "status", "data1", "data2"] as const) {
      if (a[column][i] !== b[column][i]) return `event ${i}: ${column} ${a[column][i]} and ${b[column][i]}`;
    }
  }
  if (a.payloads.size !== b.payloads.size) return `${a.payloads.size} and ${b.payloads.size} payloads`;
  for (const [index, payload] of a.payloads) {
    if (!sameBytes(payload, b.payloads.get(index))) return `event ${index}: payload`;
  }
  return undefined;
}

const shapeOf = (file: MidiFile) =>
  file.chunks.map((chunk) => (chunk.type === "alien" ? chunk.id : "MTrk")).join();

function sameBytes(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);
}
