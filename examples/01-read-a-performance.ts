/**
 * @file Notes and a pedal become a MIDI file, and a MIDI file becomes notes and a pedal.
 *
 *   npx tsx examples/01-read-a-performance.ts [file.mid]
 */
import { readFileSync } from "node:fs";
import {
  createPerformance,
  formatWarning,
  midiFromPerformance,
  notesOf,
  readPerformance,
  writeMidi,
} from "rubato";

/** A broken C major chord, held by the pedal. */
const phrase = createPerformance({
  notes: [60, 64, 67, 72].map((pitch, i) => ({
    pitch,
    start: i * 0.25,
    end: i * 0.25 + 0.2,
    velocity: 60 + 8 * i,
  })),
  pedals: [
    { time: 0, controller: 64, value: 127 },
    { time: 2, controller: 64, value: 0 },
  ],
});

const [path] = process.argv.slice(2);
const bytes =
  path === undefined ? writeMidi(midiFromPerformance(phrase, { title: "A chord" })) : readFileSync(path);
const { performance, warnings } = readPerformance(bytes);

for (const warning of warnings) console.log(formatWarning(warning));
console.log(
  `${performance.notes.count} notes, ${performance.pedals.count} pedal movements, ${performance.duration} s`,
);
for (const { start, end, pitch, velocity } of [...notesOf(performance)].slice(0, 8)) {
  console.log(`${start.toFixed(2)} to ${end.toFixed(2)} s: pitch ${pitch}, velocity ${velocity}`);
}
