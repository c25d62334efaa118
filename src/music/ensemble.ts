/** @file Players of one piece, each on a lane of its own; some of them alone, and others joining them. */
import {
  type Instrument,
  notesFromColumns,
  type Performance,
  pedalsFromColumns,
  performanceOf,
} from "./performance.ts";
import { programName } from "./program.ts";

/**
 * Drums are on the tenth channel; the sixteenth player is on the next port.
 *
 * @param players programs 0 to 127, each at most once, and drums, whose program is not looked at
 */
export function ensembleOf(
  players: readonly Pick<Instrument, "program" | "isDrum">[],
): readonly Instrument[] {
  return players.map(({ program, isDrum }, index) => {
    if (isDrum) return { name: "Drums", program: 0, isDrum, channel: 9 };
    const channel = index % 15;
    const lane = Math.floor(index / 15) * 16 + channel + (channel >= 9 ? 1 : 0);
    return { name: programName(program), program, isDrum, channel: lane };
  });
}

/** The notes and pedals of some of the players, who keep what they are. */
export function partOf(performance: Performance, plays: (instrument: number) => boolean): Performance {
  const { notes, pedals, instruments, duration } = performance;
  const kept = instruments.flatMap((_, index) => (plays(index) ? [index] : []));
  const chosen = kept.map((index) => instruments[index]);
  const lanes = new Set(chosen.map(({ channel }) => channel));
  const own = indicesOf(notes.count, (i) => kept.includes(notes.instrument[i]));
  const moves = indicesOf(pedals.count, (i) => lanes.has(pedals.channel[i]));
  const last = own.reduce((latest, i) => Math.max(latest, notes.end[i]), 0);
  return performanceOf(
    notesFromColumns({
      start: Float64Array.from(own, (i) => notes.start[i]),
      end: Float64Array.from(own, (i) => notes.end[i]),
      pitch: Uint8Array.from(own, (i) => notes.pitch[i]),
      velocity: Uint8Array.from(own, (i) => notes.velocity[i]),
      instrument: Uint16Array.from(own, (i) => kept.indexOf(notes.instrument[i])),
    }),
    pedalsFromColumns({
      time: Float64Array.from(moves, (i) => pedals.time[i]),
      controller: Uint8Array.from(moves, (i) => pedals.controller[i]),
      value: Uint8Array.from(moves, (i) => pedals.value[i]),
      channel: Uint16Array.from(moves, (i) => pedals.channel[i]),
    }),
    chosen,
    kept.length === instruments.length ? duration : last,
  );
}

const indicesOf = (count: number, isWanted: (i: number) => boolean): readonly number[] =>
  Array.from({ length: count }, (_, i) => i).filter(isWanted);

/**
 * Both at once. What is given stays as it is, to the last digit; those who join it have lanes of their own, so that no pedal
 * of the others reaches them.
 */
export function joinedBy(given: Performance, others: Performance): Performance {
  const taken = new Set(given.instruments.map(({ channel }) => channel));
  const moved = others.instruments.map((instrument) => {
    if (instrument.isDrum) return instrument;
    let channel = 0;
    while (taken.has(channel) || channel % 16 === 9) channel++;
    taken.add(channel);
    return { ...instrument, channel };
  });
  const first = given.instruments.length;
  const [a, b] = [given.notes, others.notes];
  const join = (name: "start" | "end" | "pitch" | "velocity", into: Float64Array | Uint8Array) => {
    for (let i = 0; i < a.count; i++) into[i] = a[name][i];
    for (let i = 0; i < b.count; i++) into[a.count + i] = b[name][i];
    return into;
  };
  const count = a.count + b.count;
  return performanceOf(
    notesFromColumns({
      start: join("start", new Float64Array(count)),
      end: join("end", new Float64Array(count)),
      pitch: join("pitch", new Uint8Array(count)),
      velocity: join("velocity", new Uint8Array(count)),
      instrument: Uint16Array.from({ length: count }, (_, i) =>
        i < a.count ? a.instrument[i] : first + b.instrument[i - a.count],
      ),
    }),
    given.pedals,
    [...given.instruments, ...moved],
    Math.max(given.duration, others.duration),
  );
}
