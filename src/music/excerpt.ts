/** @file An excerpt: some notes or seconds of a performance, as if music began with the first of its notes. */
import { notesFromColumns, type Performance, pedalsFromColumns, performanceOf } from "./performance.ts";

/**
 * So many notes from an index on, in the order of onsets. Times count from the first onset. Pedals stand where they stood when
 * it came, and move until the last of these notes ends, which is the end of the excerpt.
 *
 * @param from index of the first note; where fewer notes are left than `count`, there are fewer
 */
export function excerptOf(performance: Performance, from: number, count: number): Performance {
  return cutOut(performance, from, Math.min(performance.notes.count, from + count), undefined);
}

/**
 * So many seconds from a note's onset on, as if music began with it. Notes that sound on are cut there, and what pedals are down
 * are lifted; where the music ends before, it ends as it does.
 *
 * @param from index of the first note
 */
export function stretchOf(performance: Performance, from: number, seconds: number): Performance {
  const { notes } = performance;
  const until = notes.start[from] + seconds;
  let to = from;
  while (to < notes.count && notes.start[to] < until) to++;
  return cutOut(performance, from, to, seconds);
}

/** @param seconds where everything is cut; undefined for the end of the last note, and pedals that stay as they are */
function cutOut(
  { notes, pedals, instruments, duration }: Performance,
  from: number,
  to: number,
  seconds: number | undefined,
): Performance {
  if (from >= to)
    return performanceOf(notesFromColumns(columnsOf(0)), pedalsFromColumns(movesOf(0)), instruments);
  const begin = notes.start[from];
  const columns = columnsOf(to - from);
  let end = 0;
  for (let i = from; i < to; i++) {
    columns.start[i - from] = notes.start[i] - begin;
    columns.end[i - from] = Math.min(notes.end[i] - begin, seconds ?? Number.POSITIVE_INFINITY);
    columns.pitch[i - from] = notes.pitch[i];
    columns.velocity[i - from] = notes.velocity[i];
    columns.instrument[i - from] = notes.instrument[i];
    end = Math.max(end, columns.end[i - from]);
  }
  const until = seconds ?? end;
  const standing = new Map<string, number>();
  const last = new Map<string, number>();
  const moving: number[] = [];
  for (let i = 0; i < pedals.count && pedals.time[i] < begin + until; i++) {
    const pedal = `${pedals.channel[i]} ${pedals.controller[i]}`;
    last.set(pedal, i);
    if (pedals.time[i] > begin) moving.push(i);
    else standing.set(pedal, i);
  }
  const kept = [
    ...[...standing.values()].filter((i) => pedals.value[i] > 0).sort((a, b) => a - b),
    ...moving,
  ];
  const isCut = seconds !== undefined && duration > begin + seconds;
  const lifted = isCut ? [...last.values()].filter((i) => pedals.value[i] > 0).sort((a, b) => a - b) : [];
  const moves = movesOf(kept.length + lifted.length);
  for (const [at, i] of [...kept, ...lifted].entries()) {
    const isLift = at >= kept.length;
    moves.time[at] = isLift ? until : Math.max(0, pedals.time[i] - begin);
    moves.controller[at] = pedals.controller[i];
    moves.value[at] = isLift ? 0 : pedals.value[i];
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
