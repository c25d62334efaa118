/** @file From ticks to seconds: tempo changes gathered over all tracks, or the real time of SMPTE divisions. */
import { createTempoMap, secondsAt, type TempoChange, type TempoMap } from "../music/tempo.ts";
import type { WarningList } from "./error.ts";
import { type Division, type MidiFile, metaType, payloadOf, type Track } from "./file.ts";

/** Maps ticks, asked for in rising order, to a time; `restart` begins again at tick 0. */
export interface Clock {
  at(tick: number): number;
  restart(): void;
}

/** The tempo map of some tracks, in quarters. Empty for SMPTE divisions, whose ticks are real time. */
export function readTempoMap(tracks: readonly Track[], division: Division, warnings: WarningList): TempoMap {
  const changes: TempoChange[] = [];
  if (division.type === "smpte") return createTempoMap(changes);
  for (const track of tracks) {
    for (const index of track.payloads.keys()) {
      if (track.status[index] !== 0xff || track.data1[index] !== metaType.tempo) continue;
      const payload = payloadOf(track, index);
      const microseconds = payload.length < 3 ? 0 : (payload[0] << 16) | (payload[1] << 8) | payload[2];
      if (microseconds === 0) {
        warnings.add(
          "bad-tempo",
          track.offset?.[index] ?? -1,
          "a tempo of zero or without a value",
          "left it out",
        );
        continue;
      }
      changes.push({
        quarter: track.tick[index] / division.ticksPerQuarter,
        secondsPerQuarter: microseconds / 1e6,
      });
    }
  }
  return createTempoMap(changes);
}

/** Seconds, by a tempo map or by the division's own clock, from `begin` on. */
export function secondsClock(file: MidiFile, map: TempoMap, begin: number): Clock {
  const { division } = file;
  if (division.type === "smpte") {
    const ticksPerSecond = division.framesPerSecond * division.ticksPerFrame;
    return { at: (tick) => begin + tick / ticksPerSecond, restart: () => undefined };
  }
  const { ticksPerQuarter } = division;
  const changes = map.map((change) => ({ ...change, tick: change.quarter * ticksPerQuarter }));
  let index = 0;
  return {
    at(tick) {
      if (index + 1 < changes.length && changes[index + 1].tick <= tick)
        index = lastUpTo(changes, tick, index + 1);
      const change = changes[index];
      return begin + change.second + ((tick - change.tick) / ticksPerQuarter) * change.secondsPerQuarter;
    },
    restart() {
      index = 0;
    },
  };
}

/** The last change at or before a tick, known to be at `low` or later. */
export function lastUpTo(changes: readonly { readonly tick: number }[], tick: number, low: number): number {
  let high = changes.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (changes[middle].tick <= tick) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Quarters, from `begin` on; SMPTE files count at the default tempo. */
export function quartersClock(file: MidiFile, begin: number): Clock {
  const { division } = file;
  const ticksPerQuarter =
    division.type === "quarters"
      ? division.ticksPerQuarter
      : (division.framesPerSecond * division.ticksPerFrame) / 2;
  return { at: (tick) => begin + tick / ticksPerQuarter, restart: () => undefined };
}

/** Length of a track in seconds. */
export function trackSeconds(track: Track, file: MidiFile, map: TempoMap): number {
  const tick = track.count === 0 ? 0 : track.tick[track.count - 1];
  const { division } = file;
  if (division.type === "smpte") return tick / (division.framesPerSecond * division.ticksPerFrame);
  return secondsAt(map, tick / division.ticksPerQuarter);
}
