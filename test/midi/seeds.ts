/** @file Files to be broken: small ones made here, of every kind, and the small edge cases where they are at hand. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "fflate";
import { sharedFolder } from "../shared-data.ts";
import { chunk, end, quarterNote, riff, smf, smpte, track } from "./bytes.ts";

export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const scale = [60, 62, 64, 65, 67, 69, 71, 72].flatMap(quarterNote);
const running = [
  0x00,
  0x90,
  60,
  64,
  ...[60, 62, 64, 65, 67].flatMap((pitch) => [0x60, pitch, 0, 0, pitch + 2, 80]),
];
const tempi = [0x00, 0xff, 0x51, 3, 0x07, 0xa1, 0x20, 0x81, 0x40, 0xff, 0x51, 3, 0x03, 0xd0, 0x90];
const signatures = [0x00, 0xff, 0x58, 4, 6, 3, 24, 8, 0x00, 0xff, 0x59, 2, 0xfd, 1];
const pedals = Array.from({ length: 40 }, (_, i) => [0x0a, 0xb0, [64, 66, 67][i % 3], (i * 29) % 128]).flat();
const sysex = [0x00, 0xf0, 3, 0x7e, 0x7f, 0x09, 0x05, 0xf7, 2, 0x01, 0xf7, 0x00, 0xf7, 1, 0xf3];
const name = [0x00, 0xff, 0x03, 5, ...[..."Piano"].map((letter) => letter.charCodeAt(0))];
const crowd = Array.from({ length: 600 }, (_, i) => [
  i % 7,
  0x90 | (i % 16),
  (i * 31) % 128,
  (i * 17) % 128,
]).flat();
const programs = Array.from({ length: 60 }, (_, i) => [
  3,
  0xc0 | (i % 4),
  i * 2,
  0,
  0x90 | (i % 4),
  40 + i,
  90,
]).flat();

const plain = smf([track(...name, ...tempi, ...scale, ...end)], { format: 0 });

const made: Readonly<Record<string, Uint8Array>> = {
  plain,
  "format 1": smf([
    track(...tempi, ...signatures, ...end),
    track(...scale, ...pedals, ...end),
    track(...running, ...end),
  ]),
  "format 2": smf([track(...tempi, ...scale, ...end), track(...running, ...end)], { format: 2 }),
  smpte: smf([track(...scale, ...pedals, ...end)], { division: smpte(29, 80) }),
  sysex: smf([track(...sysex, ...running, ...sysex, 0x10, 62, 80, ...end)]),
  "an alien chunk": smf([track(...tempi, ...end), chunk("XFIH", [1, 2, 3, 4, 5]), track(...scale, ...end)]),
  "no End of Track": smf([track(...scale), track(...scale)]),
  "wrong lengths": smf([chunk("MTrk", [...scale, ...end], 7), chunk("MTrk", [...running, ...end], 0xffff)]),
  crowd: smf([track(...crowd, ...end)], { division: 1 }),
  programs: smf([track(...programs, ...end), track(...scale, ...end)]),
  "many tracks": smf(Array.from({ length: 120 }, () => track(...quarterNote(60), ...end))),
  riff: riff("RMID", [
    ["INFO", new Uint8Array(5)],
    ["data", plain],
  ]),
  gzip: gzipSync(smf([track(...scale, ...pedals, ...crowd, ...end)])),
};

/** Edge cases of at most this many bytes are broken too. */
const largestSeed = 20_000;

export const madeSeeds: readonly Seed[] = Object.entries(made).map(([label, bytes]) => ({
  name: label,
  bytes,
}));

/** The small edge cases, sorted by path; none where the shared data are absent. */
export function edgeCaseSeeds(): readonly Seed[] {
  const { path: folder, exists } = sharedFolder("midi-edge-cases");
  if (!exists) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(midi?|rmi|midi2)$/.test(path))
    .toSorted()
    .map((path) => ({ name: path, bytes: new Uint8Array(readFileSync(join(folder, path))) }))
    .filter(({ bytes }) => bytes.length <= largestSeed);
}
