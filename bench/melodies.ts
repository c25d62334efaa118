/**
 * @file What melodies are like, in a few figures: folders of MIDI side by side, those that were made beside those that were learnt.
 *
 *     npx tsx bench/melodies.ts ../shared/data/nottingham/MIDI/melody output
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readPerformance } from "../src/midi/index.ts";
import { estimateKey, type Performance } from "../src/music/index.ts";
import { openRepresentation } from "../src/representations/index.ts";

const pitches = openRepresentation("pitches");
const major = [0, 2, 4, 5, 7, 9, 11];
const minor = [0, 2, 3, 5, 7, 8, 10, 11];

/** Notes of a piece that are looked at: shares of what is distinct fall with length. */
const length = 150;

function figuresOf(pieces: readonly Performance[]) {
  const all = pieces.map(({ notes }) => Array.from(notes.pitch));
  const sorted = all.flat().sort((a, b) => a - b);
  const times = new Map<string, number>();
  for (const piece of pieces) {
    for (const token of pitches.encode(piece)) {
      const [kind, , time] = pitches.describe(token).split(":");
      if (kind === "note") times.set(time, (times.get(time) ?? 0) + 1);
    }
  }
  const steps = all.flatMap((row) => row.slice(1).map((pitch, i) => Math.abs(pitch - row[i])));
  return {
    pieces: pieces.length,
    notes: sorted.length,
    pitch: [0, 0.05, 0.5, 0.95, 1].map((share) => sorted[Math.round(share * (sorted.length - 1))]).join(" "),
    inKey: mean(pieces.map(inKey)),
    distinct4: mean(all.filter((row) => row.length >= length).map((row) => distinct(row.slice(0, length)))),
    steps: mean(steps.map((step) => (step <= 2 ? 1 : 0))),
    leaps: mean(steps.map((step) => (step > 7 ? 1 : 0))),
    times: [...times]
      .map(([time, count]) => [time, count / sorted.length] as const)
      .filter(([, share]) => share >= 0.005)
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([time, share]) => `${Number(time)}: ${(100 * share).toFixed(1)} %`)
      .join(", "),
  };
}

/** Share of notes within the scale of the key that fits best. */
function inKey(performance: Performance): number {
  const key = estimateKey(performance);
  if (key === undefined) return 0;
  const scale = key.mode === "major" ? major : minor;
  const { pitch, count } = performance.notes;
  return Array.from(pitch).filter((each) => scale.includes((each - key.tonic + 120) % 12)).length / count;
}

/** Share of runs of four pitches that did not come before in the same piece. */
function distinct(row: readonly number[]): number {
  const runs = row.slice(3).map((_, i) => row.slice(i, i + 4).join(" "));
  return new Set(runs).size / runs.length;
}

const mean = (values: readonly number[]) =>
  Number((values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3));

const folders = process.argv.slice(2);
for (const folder of folders) {
  const files = statSync(folder).isFile()
    ? [folder]
    : readdirSync(folder)
        .filter((name) => /\.midi?$/i.test(name))
        .map((name) => join(folder, name));
  const pieces = files.map((file) => readPerformance(readFileSync(file)).performance);
  console.log(folder, figuresOf(pieces.filter(({ notes }) => notes.count > 0)));
}
