/**
 * @file Cutting a performance into segments of equal length, as Magenta does every 30 s (REPRESENTATIONS 1.4), but
 * whole: nothing is cut to 512 events.
 */
import {
  type Notes,
  type Pedal,
  type Performance,
  pedalsFromColumns,
  performanceOf,
} from "../music/performance.ts";

/**
 * A note belongs to the segment that holds its onset, and ends at the cut at the latest; times begin at 0 in each
 * segment, and a pedal that is down at a cut goes down again after it. Segments without notes are left out.
 */
export function splitPerformance(performance: Performance, seconds: number): readonly Performance[] {
  const { notes, instruments } = performance;
  const segments: Performance[] = [];
  for (let first = 0; first < notes.count; ) {
    const index = Math.floor(notes.start[first] / seconds);
    const begin = index * seconds;
    const cut = begin + seconds;
    let end = first;
    while (end < notes.count && notes.start[end] < cut) end++;
    // Division and product of floating numbers may disagree by one unit in the last place.
    if (end === first) end++;
    segments.push(
      performanceOf(
        sliceNotes(notes, first, end, begin, cut),
        slicePedals(performance, begin, cut),
        instruments,
        Math.min(seconds, performance.duration - begin),
      ),
    );
    first = end;
  }
  return segments;
}

function sliceNotes(notes: Notes, first: number, end: number, begin: number, cut: number): Notes {
  const count = end - first;
  const result = {
    count,
    start: new Float64Array(count),
    end: new Float64Array(count),
    pitch: new Uint8Array(count),
    velocity: new Uint8Array(count),
    instrument: new Uint16Array(count),
  };
  for (let i = 0; i < count; i++) {
    result.start[i] = Math.max(0, notes.start[first + i] - begin);
    result.end[i] = Math.max(result.start[i], Math.min(notes.end[first + i], cut) - begin);
    result.pitch[i] = notes.pitch[first + i];
    result.velocity[i] = notes.velocity[first + i];
    result.instrument[i] = notes.instrument[first + i];
  }
  return result;
}

function slicePedals({ pedals }: Performance, begin: number, cut: number): Performance["pedals"] {
  const standing = new Map<number, Pedal>();
  const moves: Pedal[] = [];
  for (let i = 0; i < pedals.count && pedals.time[i] < cut; i++) {
    const move = {
      time: Math.max(0, pedals.time[i] - begin),
      controller: pedals.controller[i],
      value: pedals.value[i],
      channel: pedals.channel[i],
    };
    if (pedals.time[i] < begin) standing.set(move.channel * 128 + move.controller, move);
    else moves.push(move);
  }
  const all = [...[...standing.values()].filter((move) => move.value > 0), ...moves];
  return pedalsFromColumns({
    time: Float64Array.from(all, (move) => move.time),
    controller: Uint8Array.from(all, (move) => move.controller),
    value: Uint8Array.from(all, (move) => move.value),
    channel: Uint16Array.from(all, (move) => move.channel),
  });
}
