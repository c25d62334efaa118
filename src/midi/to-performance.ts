/** @file MidiFile → Performance (seconds) and Score (quarters). */
import { type Performance, performanceOf } from "../music/performance.ts";
import type { KeySignature, Score, TimeSignature } from "../music/score.ts";
import { createTempoMap, type TempoChange } from "../music/tempo.ts";
import { type Clock, quartersClock, readTempoMap, secondsClock, trackSeconds } from "./clock.ts";
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

export interface ScoreReading {
  readonly score: Score;
  readonly warnings: readonly MidiWarning[];
}

/** The music of a file in quarters. The patterns of a format 2 file follow one another, and so do their tempo maps. */
export function scoreFromMidi(file: MidiFile): ScoreReading {
  const warnings = new WarningList();
  const parts: Part[] = [];
  const tempo: TempoChange[] = [];
  const signatures = { times: [] as TimeSignature[], keys: [] as KeySignature[] };
  let begin = 0;
  for (const tracks of partsOf(file)) {
    const clock = quartersClock(file, begin);
    parts.push({ tracks, clock });
    for (const { quarter, secondsPerQuarter } of readTempoMap(tracks, file.division, warnings)) {
      tempo.push({ quarter: begin + quarter, secondsPerQuarter });
    }
    for (const track of tracks) readSignatures(track, clock, signatures, warnings);
    begin = tracks.reduce(
      (latest, track) => Math.max(latest, track.count === 0 ? 0 : clock.at(track.tick[track.count - 1])),
      begin,
    );
  }
  const byPlace = (a: { quarter: number }, b: { quarter: number }) => a.quarter - b.quarter;
  const score: Score = Object.freeze({
    ...collectMusic(parts, warnings),
    tempo: createTempoMap(tempo),
    timeSignatures: Object.freeze(signatures.times.sort(byPlace)),
    keySignatures: Object.freeze(signatures.keys.sort(byPlace)),
    length: begin,
  });
  return { score, warnings: warnings.toArray() };
}

/** A whole note in 128 parts is the finest that anybody writes. */
const finestDenominator = 7;
const mostSharps = 7;

function readSignatures(
  track: Track,
  clock: Clock,
  into: { readonly times: TimeSignature[]; readonly keys: KeySignature[] },
  warnings: WarningList,
): void {
  for (const index of track.payloads.keys()) {
    const type = track.data1[index];
    if (track.status[index] !== 0xff || (type !== metaType.timeSignature && type !== metaType.keySignature))
      continue;
    const payload = payloadOf(track, index);
    const [first = 0, second = 0] = payload;
    const quarter = clock.at(track.tick[index]);
    const sharps = (first << 24) >> 24;
    const isTime = type === metaType.timeSignature;
    if (
      payload.length < 2 ||
      (isTime ? first === 0 || second > finestDenominator : Math.abs(sharps) > mostSharps)
    ) {
      const found = `a ${isTime ? "time" : "key"} signature of bytes [${payload.subarray(0, 4).join(", ")}]`;
      warnings.add("bad-signature", track.offset?.[index] ?? -1, found, "left it out");
    } else if (isTime) into.times.push({ quarter, numerator: first, denominator: 2 ** second });
    else into.keys.push({ quarter, sharps, mode: second === 1 ? "minor" : "major" });
  }
}

/** Tracks that sound together: all of them, but in format 2 each on its own. */
function partsOf(file: MidiFile): readonly (readonly Track[])[] {
  const tracks = tracksOf(file);
  return file.format === 2 ? tracks.map((track) => [track]) : [tracks];
}
