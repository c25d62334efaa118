/**
 * @file Cutting a performance into segments of equal length, as Magenta does every 30 s (REPRESENTATIONS 1.4), but
 * whole: nothing is cut to 512 events.
 */
import {
  type Notes,
  type Pedal,
  type Pedals,
  type Performance,
  pedalsFromColumns,
  pedalThreshold,
  performanceOf,
} from "../music/performance.ts";

/**
 * A note belongs to the segment that holds its onset, and ends at the cut at the latest; times begin at 0 in each
 * segment, and a pedal that is down at a cut goes down again after it. Segments without notes are left out.
 */
export function splitPerformance(performance: Performance, seconds: number): readonly Performance[] {
  const { notes, instruments } = performance;
  const pedalsBetween = pedalSlicer(performance);
  const segments: Performance[] = [];
  for (let first = 0; first < notes.count; ) {
    const index = segmentAt(notes.start[first], seconds);
    const begin = index * seconds;
    const cut = (index + 1) * seconds;
    let end = first;
    while (end < notes.count && notes.start[end] < cut) end++;
    segments.push(
      performanceOf(
        sliceNotes(notes, first, end, begin, cut),
        pedalsBetween(begin, cut),
        instruments,
        Math.min(cut, performance.duration) - begin,
      ),
    );
    first = end;
  }
  return segments;
}

/** The segment with begin ≤ time < cut, which a division alone may miss by the last place. */
function segmentAt(time: number, seconds: number): number {
  const near = Math.floor(time / seconds);
  if (near * seconds > time) return near - 1;
  return (near + 1) * seconds <= time ? near + 1 : near;
}

function sliceNotes(notes: Notes, first: number, end: number, begin: number, cut: number): Notes {
  const { start, pitch, velocity, instrument } = notes;
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
    result.start[i] = start[first + i] - begin;
    result.end[i] = Math.min(notes.end[first + i], cut) - begin;
    result.pitch[i] = pitch[first + i];
    result.velocity[i] = velocity[first + i];
    result.instrument[i] = instrument[first + i];
  }
  return result;
}

/** The pedals of one segment after the other. A pedal that is lifted at the very cut is not down after it. */
function pedalSlicer({ pedals }: Performance): (begin: number, cut: number) => Pedals {
  const { count, time, controller, value, channel } = pedals;
  const standing = new Map<number, Pedal>();
  let next = 0;
  const moveAt = (index: number, begin: number): Pedal => ({
    time: Math.max(0, time[index] - begin),
    controller: controller[index],
    value: value[index],
    channel: channel[index],
  });
  return (begin, cut) => {
    for (; next < count && time[next] <= begin; next++) {
      standing.set(channel[next] * 128 + controller[next], moveAt(next, begin));
    }
    const moves = [...standing.values()].filter((move) => move.value >= pedalThreshold);
    for (let i = next; i < count && time[i] < cut; i++) moves.push(moveAt(i, begin));
    return pedalsFromColumns({
      time: Float64Array.from(moves, (move) => move.time),
      controller: Uint8Array.from(moves, (move) => move.controller),
      value: Uint8Array.from(moves, (move) => move.value),
      channel: Uint16Array.from(moves, (move) => move.channel),
    });
  };
}
