/** @file An excerpt: some notes of a performance that follow on one another, as if music began with the first of them. */
import { notesFromColumns, type Performance, pedalsFromColumns, performanceOf } from "./performance.ts";

/**
 * So many notes from an index on, in the order of onsets. Times count from the first onset. Pedals stand where they stood when
 * it came, and move until the last of these notes ends, which is the end of the excerpt.
 *
 * @param from index of the first note; where fewer notes are left than `count`, there are fewer
 */
export function excerptOf(
  { notes, pedals, instruments }: Performance,
  from: number,
  count: number,
): Performance {
  const to = Math.min(notes.count, from + count);
  if (from >= to)
    return performanceOf(notesFromColumns(columnsOf(0)), pedalsFromColumns(movesOf(0)), instruments);
  const begin = notes.start[from];
  const columns = columnsOf(to - from);
  let end = 0;
  for (let i = from; i < to; i++) {
    columns.start[i - from] = notes.start[i] - begin;
    columns.end[i - from] = notes.end[i] - begin;
    columns.pitch[i - from] = notes.pitch[i];
    columns.velocity[i - from] = notes.velocity[i];
    columns.instrument[i - from] = notes.instrument[i];
    end = Math.max(end, notes.end[i] - begin);
  }
  const standing = new Map<string, number>();
  const moving: number[] = [];
  for (let i = 0; i < pedals.count && pedals.time[i] < begin + end; i++) {
    if (pedals.time[i] > begin) moving.push(i);
    else standing.set(`${pedals.channel[i]} ${pedals.controller[i]}`, i);
  }
  const kept = [
    ...[...standing.values()].filter((i) => pedals.value[i] > 0).sort((a, b) => a - b),
    ...moving,
  ];
  const moves = movesOf(kept.length);
  for (const [at, i] of kept.entries()) {
    moves.time[at] = Math.max(0, pedals.time[i] - begin);
    moves.controller[at] = pedals.controller[i];
    moves.value[at] = pedals.value[i];
    moves.channel[at] = pedals.channel[i];
  }
  return performanceOf(notesFromColumns(columns), pedalsFromColumns(moves), instruments, end);
}

function columnsOf(count: number) {
  return {
    start: new Float64Array(count),
    end: new Float64Array(count),
    pitch: new Uint8Array(count),
    velocity: new Uint8Array(count),
    instrument: new Uint16Array(count),
  };
}

function movesOf(count: number) {
  return {
    time: new Float64Array(count),
    controller: new Uint8Array(count),
    value: new Uint8Array(count),
    channel: new Uint16Array(count),
  };
}
