/**
 * @file Performance: notes and pedals in seconds, as they were played. Notes stand in columns, one typed array per
 * field, because a corpus has millions of them; they are read-only by type.
 */

/** Numbers that are read and never written. Every typed array is one. */
export interface Column {
  readonly length: number;
  readonly [index: number]: number;
}

/** Who plays. `channel` is the lane on which pedals reach the notes: MIDI port × 16 + channel. */
export interface Instrument {
  readonly name: string;
  /** General MIDI program, 0 to 127. */
  readonly program: number;
  readonly isDrum: boolean;
  readonly channel: number;
}

/** Notes sorted by start, then pitch. All columns have the same length. */
export interface Notes {
  readonly count: number;
  /** Seconds from the beginning, not negative. */
  readonly start: Column;
  /** Seconds, never before `start`: where the key is released, unless sustain was folded in. */
  readonly end: Column;
  /** 0 to 127; 60 is middle C. */
  readonly pitch: Column;
  /** 1 to 127. */
  readonly velocity: Column;
  /** Index into `Performance.instruments`. */
  readonly instrument: Column;
}

/** Movements of the pedals, sorted by time. All columns have the same length. */
export interface Pedals {
  readonly count: number;
  /** Seconds from the beginning. */
  readonly time: Column;
  /** Controller number: 64 sustain, 66 sostenuto, 67 soft. */
  readonly controller: Column;
  /** 0 to 127, continuous; 64 and above counts as down. */
  readonly value: Column;
  /** The lane, as in `Instrument.channel`. */
  readonly channel: Column;
}

export interface Performance {
  readonly notes: Notes;
  readonly pedals: Pedals;
  readonly instruments: readonly Instrument[];
  /** Seconds: the last note end, pedal movement or end of a track. */
  readonly duration: number;
}

/** One note as a record: for people and tests, not for the hot path. */
export interface Note {
  readonly start: number;
  readonly end: number;
  readonly pitch: number;
  readonly velocity: number;
  readonly instrument: number;
}

export interface Pedal {
  readonly time: number;
  readonly controller: number;
  readonly value: number;
  readonly channel: number;
}

export const sustainController = 64;
export const sostenutoController = 66;
export const softController = 67;
/** From this value on, a pedal is down. */
export const pedalThreshold = 64;

/** An acoustic grand piano on the first channel. */
export const piano: Instrument = Object.freeze({ name: "Piano", program: 0, isDrum: false, channel: 0 });

export const noPedals: Pedals = Object.freeze({
  count: 0,
  time: new Float64Array(0),
  controller: new Uint8Array(0),
  value: new Uint8Array(0),
  channel: new Uint16Array(0),
});

/** A performance from records, sorted; what is left out is a silent pedal and a piano. */
export function createPerformance(parts: {
  readonly notes: readonly (Omit<Note, "instrument"> & { readonly instrument?: number })[];
  readonly pedals?: readonly (Omit<Pedal, "channel"> & { readonly channel?: number })[];
  readonly instruments?: readonly Instrument[];
  readonly duration?: number;
}): Performance {
  const notes = notesFromColumns({
    start: Float64Array.from(parts.notes, (note) => note.start),
    end: Float64Array.from(parts.notes, (note) => note.end),
    pitch: Uint8Array.from(parts.notes, (note) => note.pitch),
    velocity: Uint8Array.from(parts.notes, (note) => note.velocity),
    instrument: Uint16Array.from(parts.notes, (note) => note.instrument ?? 0),
  });
  const moves = [...(parts.pedals ?? [])].sort((a, b) => a.time - b.time);
  const pedals = pedalsFromColumns({
    time: Float64Array.from(moves, (move) => move.time),
    controller: Uint8Array.from(moves, (move) => move.controller),
    value: Uint8Array.from(moves, (move) => move.value),
    channel: Uint16Array.from(moves, (move) => move.channel ?? 0),
  });
  return performanceOf(notes, pedals, parts.instruments ?? [piano], parts.duration);
}

/** Joins sorted parts; the duration is at least the last end and the last pedal movement. */
export function performanceOf(
  notes: Notes,
  pedals: Pedals,
  instruments: readonly Instrument[],
  duration = 0,
): Performance {
  for (let i = 0; i < notes.count; i++) duration = Math.max(duration, notes.end[i]);
  if (pedals.count > 0) duration = Math.max(duration, pedals.time[pedals.count - 1]);
  return Object.freeze({ notes, pedals, instruments: Object.freeze([...instruments]), duration });
}

export function pedalsFromColumns(columns: Omit<Pedals, "count">): Pedals {
  return Object.freeze({ count: columns.time.length, ...columns });
}

/** Notes from columns in any order: sorts by start, then pitch, and keeps equals as they came. */
export function notesFromColumns(columns: Omit<Notes, "count">): Notes {
  const { start, pitch } = columns;
  const count = start.length;
  if (isSorted(start, pitch)) return Object.freeze({ count, ...columns });
  const order = sortedOrder(start, pitch);
  return Object.freeze({
    count,
    start: pick(new Float64Array(count), start, order),
    end: pick(new Float64Array(count), columns.end, order),
    pitch: pick(new Uint8Array(count), pitch, order),
    velocity: pick(new Uint8Array(count), columns.velocity, order),
    instrument: pick(new Uint16Array(count), columns.instrument, order),
  });
}

function isSorted(start: Column, pitch: Column): boolean {
  for (let i = 1; i < start.length; i++) {
    if (start[i] < start[i - 1] || (start[i] === start[i - 1] && pitch[i] < pitch[i - 1])) return false;
  }
  return true;
}

/** Insertion sort while the order is nearly right, as within one track; a stable merge sort for the rest. */
function sortedOrder(start: Column, pitch: Column): Column {
  const count = start.length;
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  const before = (a: number, b: number) =>
    start[a] !== start[b] ? start[a] < start[b] : pitch[a] !== pitch[b] ? pitch[a] < pitch[b] : a < b;
  let budget = count * 16;
  for (let i = 1; i < count; i++) {
    const item = order[i];
    let j = i;
    while (j > 0 && before(item, order[j - 1])) {
      order[j] = order[j - 1];
      j--;
      budget--;
    }
    order[j] = item;
    if (budget < 0) return order.sort((a, b) => start[a] - start[b] || pitch[a] - pitch[b] || a - b);
  }
  return order;
}

function pick<Target extends { [index: number]: number }>(
  target: Target,
  from: Column,
  order: Column,
): Target {
  for (let i = 0; i < order.length; i++) target[i] = from[order[i]];
  return target;
}

/** The note at an index, as a record. */
export function noteAt({ notes }: Performance, index: number): Note {
  return {
    start: notes.start[index],
    end: notes.end[index],
    pitch: notes.pitch[index],
    velocity: notes.velocity[index],
    instrument: notes.instrument[index],
  };
}

/** All notes, as records, in order. */
export function* notesOf(performance: Performance): Generator<Note> {
  for (let i = 0; i < performance.notes.count; i++) yield noteAt(performance, i);
}

/** All pedal movements, as records, in order. */
export function* pedalsOf({ pedals }: Performance): Generator<Pedal> {
  for (let i = 0; i < pedals.count; i++) {
    yield {
      time: pedals.time[i],
      controller: pedals.controller[i],
      value: pedals.value[i],
      channel: pedals.channel[i],
    };
  }
}
