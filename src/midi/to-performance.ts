/** @file MidiFile → Performance (seconds) and Score (quarters). */
import { type Performance, performanceOf } from "../music/performance.ts";
import type { KeySignature, Score, TimeSignature } from "../music/score.ts";
import type { TempoMap } from "../music/tempo.ts";
import { quartersClock, readTempoMap, secondsClock, trackSeconds } from "./clock.ts";
import { unwrap } from "./container.ts";
import { type MidiWarning, WarningList } from "./error.ts";
import { type MidiFile, metaType, payloadOf, type Track, tracksOf } from "./file.ts";
import { collectMusic, type Part } from "./notes.ts";
import { readWith } from "./reader.ts";

export interface PerformanceReading {
  readonly performance: Performance;
  readonly warnings: readonly MidiWarning[];
}

/**
 * Bytes → Performance, with everything that had to be mended on the way.
 *
 * @throws MidiError where the bytes are no Standard MIDI File.
 */
export function readPerformance(bytes: Uint8Array): PerformanceReading {
  const warnings = new WarningList();
  const file = readWith(unwrap(bytes, warnings), warnings);
  return { performance: collectPerformance(file, warnings), warnings: warnings.toArray() };
}

/** The music of a file in seconds. The patterns of a format 2 file follow one another, each with its own tempo. */
export function performanceFromMidi(file: MidiFile): PerformanceReading {
  const warnings = new WarningList();
  return { performance: collectPerformance(file, warnings), warnings: warnings.toArray() };
}

function collectPerformance(file: MidiFile, warnings: WarningList): Performance {
  let begin = 0;
  const parts: Part[] = [];
  for (const tracks of partsOf(file)) {
    const map = readTempoMap(tracks, file.division, warnings);
    parts.push({ tracks, clock: secondsClock(file, map, begin) });
    begin += tracks.reduce((longest, track) => Math.max(longest, trackSeconds(track, file, map)), 0);
  }
  const { notes, pedals, instruments } = collectMusic(parts, warnings);
  return performanceOf(notes, pedals, instruments, begin);
}

/** The music of a file in quarters. Of a format 2 file this is its first pattern alone, as tempo maps cannot be joined. */
export function scoreFromMidi(file: MidiFile): {
  readonly score: Score;
  readonly warnings: readonly MidiWarning[];
} {
  const warnings = new WarningList();
  const tracks = partsOf(file)[0] ?? [];
  const tempo: TempoMap = readTempoMap(tracks, file.division, warnings);
  const clock = quartersClock(file, 0);
  const music = collectMusic([{ tracks, clock }], warnings);
  const length = tracks.reduce(
    (longest, track) => Math.max(longest, track.count === 0 ? 0 : clock.at(track.tick[track.count - 1])),
    0,
  );
  const timeSignatures: TimeSignature[] = [];
  const keySignatures: KeySignature[] = [];
  for (const track of tracks) {
    for (const index of track.payloads.keys()) {
      if (track.status[index] !== 0xff) continue;
      const payload = payloadOf(track, index);
      const quarter = clock.at(track.tick[index]);
      if (track.data1[index] === metaType.timeSignature && payload.length >= 2) {
        timeSignatures.push({ quarter, numerator: payload[0], denominator: 2 ** payload[1] });
      } else if (track.data1[index] === metaType.keySignature && payload.length >= 2) {
        keySignatures.push({
          quarter,
          sharps: (payload[0] << 24) >> 24,
          mode: payload[1] === 1 ? "minor" : "major",
        });
      }
    }
  }
  const byPlace = (a: { quarter: number }, b: { quarter: number }) => a.quarter - b.quarter;
  return {
    score: {
      ...music,
      tempo,
      timeSignatures: timeSignatures.sort(byPlace),
      keySignatures: keySignatures.sort(byPlace),
      length,
    },
    warnings: warnings.toArray(),
  };
}

/** Tracks that sound together: all of them, but in format 2 each on its own. */
function partsOf(file: MidiFile): readonly (readonly Track[])[] {
  const tracks = tracksOf(file);
  return file.format === 2 ? tracks.map((track) => [track]) : [tracks];
}
