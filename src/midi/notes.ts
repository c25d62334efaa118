/**
 * @file Note-ons and note-offs become notes; pedals and programs are followed. A release ends the oldest sounding
 * note of its pitch, as the Performance RNN decoder has it; what does not pair is reported.
 */
import {
  type Instrument,
  type Notes,
  notesFromColumns,
  type Pedals,
  pedalsFromColumns,
} from "../music/performance.ts";
import { decodeText } from "../util/text.ts";
import { type Clock, lastUpTo } from "./clock.ts";
import type { WarningList } from "./error.ts";
import { metaType, payloadOf, type Track } from "./file.ts";
import { isDrumLane } from "./lanes.ts";

/** Tracks that share one time line, and the clock that maps their ticks. */
export interface Part {
  readonly tracks: readonly Track[];
  readonly clock: Clock;
}

export interface CollectedMusic {
  readonly notes: Notes;
  readonly pedals: Pedals;
  readonly instruments: readonly Instrument[];
}

/** Notes hold the index of their instrument in sixteen bits. */
const lastInstrument = 0xffff;
const isPedal = (controller: number) => controller === 64 || controller === 66 || controller === 67;
const resetAllControllers = 121;
/** All sound off, all notes off, and the mode messages that imply the latter. */
const silences = (controller: number) => controller === 120 || controller >= 123;

/** All notes and pedals of the parts, in the unit of their clocks. */
export function collectMusic(parts: readonly Part[], warnings: WarningList): CollectedMusic {
  const collector = new Collector(countEvents(parts), warnings);
  for (const { tracks, clock } of parts) {
    const programs = gatherPrograms(tracks);
    tracks.forEach((track, index) => {
      clock.restart();
      collector.read(track, clock, programs, `track ${index}`);
    });
  }
  return collector.finish();
}

function countEvents(parts: readonly Part[]): { notes: number; pedals: number } {
  let notes = 0;
  let pedals = 0;
  for (const { tracks } of parts) {
    for (const track of tracks) {
      const { status, data1, data2 } = track;
      for (let i = 0; i < track.count; i++) {
        const kind = status[i] & 0xf0;
        if (kind === 0x90 && data2[i] > 0) notes++;
        // Resetting all controllers may lift three pedals.
        else if (kind === 0xb0) pedals += isPedal(data1[i]) ? 1 : data1[i] === resetAllControllers ? 3 : 0;
      }
    }
  }
  return { notes, pedals };
}

/** Program changes by lane over all tracks: many files keep them in a track of their own. */
type Programs = ReadonlyMap<
  number,
  {
    readonly changes: readonly { readonly tick: number; readonly program: number }[];
    readonly setBy: ReadonlySet<Track>;
  }
>;

function gatherPrograms(tracks: readonly Track[]): Programs {
  const lanes = new Map<number, { changes: { tick: number; program: number }[]; setBy: Set<Track> }>();
  if (tracks.length < 2) return lanes;
  for (const track of tracks) {
    const { status, data1, tick } = track;
    const port = trackPort(track);
    for (let i = 0; i < track.count; i++) {
      if ((status[i] & 0xf0) !== 0xc0) continue;
      const lane = port * 16 + (status[i] & 0x0f);
      const entry = lanes.get(lane) ?? { changes: [], setBy: new Set() };
      entry.changes.push({ tick: tick[i], program: data1[i] });
      entry.setBy.add(track);
      lanes.set(lane, entry);
    }
  }
  for (const { changes } of lanes.values()) changes.sort((a, b) => a.tick - b.tick);
  return lanes;
}

function trackName(track: Track): string {
  for (const wanted of [metaType.trackName, metaType.instrumentName]) {
    for (const index of track.payloads.keys()) {
      if (track.status[index] === 0xff && track.data1[index] === wanted)
        return decodeText(payloadOf(track, index));
    }
  }
  return "";
}

function trackPort(track: Track): number {
  for (const index of track.payloads.keys()) {
    if (track.status[index] === 0xff && track.data1[index] === metaType.port)
      return payloadOf(track, index)[0] ?? 0;
  }
  return 0;
}

class Collector {
  readonly #start: Float64Array;
  readonly #end: Float64Array;
  readonly #pitch: Uint8Array;
  readonly #velocity: Uint8Array;
  readonly #instrument: Uint16Array;
  readonly #offset: Float64Array;
  /** The note that began after this one on the same channel and pitch, while it still sounds. */
  readonly #younger: Int32Array;
  #notes = 0;
  readonly #time: Float64Array;
  readonly #controller: Uint8Array;
  readonly #value: Uint8Array;
  readonly #lane: Uint16Array;
  #pedals = 0;
  readonly #instruments: Instrument[] = [];
  readonly #warnings: WarningList;
  /** Oldest sounding note of each channel and pitch, or -1, as between tracks; and the youngest, where one sounds. */
  readonly #oldest = new Int32Array(16 * 128).fill(-1);
  readonly #youngest = new Int32Array(16 * 128);

  constructor(size: { readonly notes: number; readonly pedals: number }, warnings: WarningList) {
    this.#start = new Float64Array(size.notes);
    this.#end = new Float64Array(size.notes);
    this.#pitch = new Uint8Array(size.notes);
    this.#velocity = new Uint8Array(size.notes);
    this.#instrument = new Uint16Array(size.notes);
    this.#offset = new Float64Array(size.notes);
    this.#younger = new Int32Array(size.notes);
    this.#time = new Float64Array(size.pedals);
    this.#controller = new Uint8Array(size.pedals);
    this.#value = new Uint8Array(size.pedals);
    this.#lane = new Uint16Array(size.pedals);
    this.#warnings = warnings;
  }

  read(track: Track, clock: Clock, programs: Programs, label: string): void {
    const { count, tick, status, data1, data2, offset } = track;
    const oldest = this.#oldest;
    const youngest = this.#youngest;
    const firstNote = this.#notes;
    const port = trackPort(track);
    const name = trackName(track);
    const program = new Uint8Array(16);
    const pedal = new Uint8Array(16 * 3);
    // Instrument of each channel, made at its first note; -1 after a program change.
    const instrument = new Int32Array(16).fill(-1);
    const made = new Map<number, number>();
    const loans = this.#loans(track, port, programs);
    let lastTick = -1;
    let time = 0;

    for (let i = 0; i < count; i++) {
      const message = status[i];
      if (message >= 0xf0) continue;
      if (tick[i] !== lastTick) {
        lastTick = tick[i];
        time = clock.at(lastTick);
      }
      const channel = message & 0x0f;
      const kind = message & 0xf0;
      if (kind === 0x90 || kind === 0x80) {
        const slot = (channel << 7) | data1[i];
        if (kind === 0x90 && data2[i] > 0) {
          const loan = loans?.[channel];
          if (loan !== undefined) {
            loan.index = lastUpTo(loan.changes, lastTick, loan.index);
            const current = loan.changes[loan.index].program;
            if (current !== program[channel]) {
              program[channel] = current;
              instrument[channel] = -1;
            }
          }
          if (instrument[channel] < 0) {
            instrument[channel] = this.#instrumentFor(made, channel, program[channel], port, name);
          }
          const note = this.#notes++;
          this.#start[note] = time;
          this.#pitch[note] = data1[i];
          this.#velocity[note] = data2[i];
          this.#instrument[note] = instrument[channel];
          this.#offset[note] = offset === undefined ? -1 : offset[i];
          this.#younger[note] = -1;
          if (oldest[slot] < 0) oldest[slot] = note;
          else {
            if (this.#warnings.wants("overlapping-note")) {
              const found = `${label}: pitch ${data1[i]} struck again while it sounds`;
              this.#warnings.add(
                "overlapping-note",
                this.#offset[note],
                found,
                "the first release ends the older note",
              );
            }
            this.#younger[youngest[slot]] = note;
          }
          youngest[slot] = note;
        } else {
          const note = oldest[slot];
          if (note >= 0) {
            this.#end[note] = time;
            oldest[slot] = this.#younger[note];
          } else if (this.#warnings.wants("orphan-note-off")) {
            const found = `${label}: release of pitch ${data1[i]}, which does not sound`;
            this.#warnings.add("orphan-note-off", offset?.[i] ?? -1, found, "left it out");
          }
        }
      } else if (kind === 0xb0) {
        const controller = data1[i];
        if (isPedal(controller)) {
          pedal[channel * 3 + pedalIndex(controller)] = data2[i];
          this.#addPedal(time, controller, data2[i], port * 16 + channel);
        } else if (silences(controller)) {
          for (let slot = channel << 7; slot < (channel + 1) << 7; slot++) this.#endAll(slot, time);
        } else if (controller === resetAllControllers) {
          for (const which of [64, 66, 67]) {
            const index = channel * 3 + pedalIndex(which);
            if (pedal[index] > 0) this.#addPedal(time, which, 0, port * 16 + channel);
            pedal[index] = 0;
          }
        }
      } else if (kind === 0xc0) {
        program[channel] = data1[i];
        instrument[channel] = -1;
      }
    }
    if (this.#notes > firstNote) this.#endStuck(clock.at(tick[count - 1]), label);
  }

  /** For each channel whose program this track never sets, the changes that others make to it. */
  #loans(track: Track, port: number, programs: Programs) {
    if (programs.size === 0) return undefined;
    return Array.from({ length: 16 }, (_, channel) => {
      const entry = programs.get(port * 16 + channel);
      return entry === undefined || entry.setBy.has(track) ? undefined : { changes: entry.changes, index: 0 };
    });
  }

  #instrumentFor(
    made: Map<number, number>,
    channel: number,
    program: number,
    port: number,
    name: string,
  ): number {
    const key = channel * 128 + program;
    const known = made.get(key);
    if (known !== undefined) return known;
    const index = this.#instruments.length;
    if (index > lastInstrument) {
      if (this.#warnings.wants("too-many-instruments")) {
        const found = `more than ${lastInstrument + 1} instruments`;
        this.#warnings.add("too-many-instruments", -1, found, "gave their notes to the last one");
      }
      return lastInstrument;
    }
    this.#instruments.push(
      Object.freeze({ name, program, isDrum: isDrumLane(channel), channel: port * 16 + channel }),
    );
    made.set(key, index);
    return index;
  }

  #addPedal(time: number, controller: number, value: number, lane: number): void {
    const index = this.#pedals++;
    this.#time[index] = time;
    this.#controller[index] = controller;
    this.#value[index] = value;
    this.#lane[index] = lane;
  }

  #endAll(slot: number, time: number): void {
    for (let note = this.#oldest[slot]; note >= 0; note = this.#younger[note]) this.#end[note] = time;
    this.#oldest[slot] = -1;
  }

  #endStuck(time: number, label: string): void {
    for (let slot = 0; slot < this.#oldest.length; slot++) {
      for (let note = this.#oldest[slot]; note >= 0; note = this.#younger[note]) {
        const found = `${label}: pitch ${this.#pitch[note]} is never released`;
        this.#warnings.add("stuck-note", this.#offset[note], found, "ended it with its track");
      }
      this.#endAll(slot, time);
    }
  }

  finish(): CollectedMusic {
    const count = this.#notes;
    const notes = notesFromColumns({
      start: this.#start.subarray(0, count),
      end: this.#end.subarray(0, count),
      pitch: this.#pitch.subarray(0, count),
      velocity: this.#velocity.subarray(0, count),
      instrument: this.#instrument.subarray(0, count),
    });
    return { notes, pedals: this.#sortedPedals(), instruments: this.#instruments };
  }

  #sortedPedals(): Pedals {
    const count = this.#pedals;
    const columns = {
      time: this.#time.subarray(0, count),
      controller: this.#controller.subarray(0, count),
      value: this.#value.subarray(0, count),
      channel: this.#lane.subarray(0, count),
    };
    if (isRising(columns.time)) return pedalsFromColumns(columns);
    const { time, controller, value, channel } = columns;
    const order = Array.from(time.keys()).sort((a, b) => time[a] - time[b] || a - b);
    return pedalsFromColumns({
      time: Float64Array.from(order, (i) => time[i]),
      controller: Uint8Array.from(order, (i) => controller[i]),
      value: Uint8Array.from(order, (i) => value[i]),
      channel: Uint16Array.from(order, (i) => channel[i]),
    });
  }
}

const pedalIndex = (controller: number) => (controller === 64 ? 0 : controller - 65);

function isRising(times: Float64Array): boolean {
  for (let i = 1; i < times.length; i++) if (times[i] < times[i - 1]) return false;
  return true;
}
