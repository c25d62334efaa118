/**
 * @file MidiFile: a Standard MIDI File as written, tracks and ticks, with nothing lost. Events stand in columns,
 * because the reader meets millions of them.
 *
 * Source: "The Complete MIDI 1.0 Detailed Specification", MMA 1996, Standard MIDI Files 1.0 (RP-001).
 */
import type { Column } from "../music/performance.ts";

/** Ticks per quarter, or a clock of real time: frames per second (24, 25, 29.97, 30) and ticks per frame. */
export type Division =
  | { readonly type: "quarters"; readonly ticksPerQuarter: number }
  | { readonly type: "smpte"; readonly framesPerSecond: number; readonly ticksPerFrame: number };

/** The events of one MTrk chunk, in file order. All columns have the same length. */
export interface Track {
  readonly count: number;
  /** Ticks from the start of the track. */
  readonly tick: Column;
  /** 0x80 to 0xef: channel message; 0xf0, 0xf7: system exclusive; 0xff: meta event. */
  readonly status: Column;
  /** First data byte; of a meta event, its type. */
  readonly data1: Column;
  /** Second data byte, or 0. */
  readonly data2: Column;
  /** 1 where the file left the status byte out (running status), for a writer that gives back the same bytes. */
  readonly implicit: Column;
  /** Byte offset of each event in the file that was read, or undefined for events that came from elsewhere. */
  readonly offset: Column | undefined;
  /** Contents of meta and system exclusive events, by event index. */
  readonly payloads: ReadonlyMap<number, Uint8Array>;
}

/** A chunk that is neither header nor track, kept as it is. */
export interface AlienChunk {
  readonly id: string;
  readonly bytes: Uint8Array;
}

export type Chunk =
  | { readonly type: "track"; readonly track: Track }
  | ({ readonly type: "alien" } & AlienChunk);

export interface MidiFile {
  /** 0: one track; 1: tracks that sound together; 2: independent patterns. */
  readonly format: 0 | 1 | 2;
  readonly division: Division;
  /** Tracks and alien chunks in file order. */
  readonly chunks: readonly Chunk[];
}

/** One event as a record: for people and tests. */
export type MidiEvent = {
  readonly tick: number;
  readonly offset?: number;
} & (
  | { readonly type: "channel"; readonly status: number; readonly data1: number; readonly data2: number }
  | { readonly type: "sysex"; readonly status: 0xf0 | 0xf7; readonly payload: Uint8Array }
  | { readonly type: "meta"; readonly meta: number; readonly payload: Uint8Array }
);

export const metaType = {
  trackName: 0x03,
  instrumentName: 0x04,
  lyric: 0x05,
  marker: 0x06,
  port: 0x21,
  endOfTrack: 0x2f,
  tempo: 0x51,
  timeSignature: 0x58,
  keySignature: 0x59,
} as const;

/** Program change (0xCn) and channel pressure (0xDn) carry one data byte; all other channel messages two. */
export const hasTwoDataBytes = (status: number): boolean => (status & 0xe0) !== 0xc0;

const nothing = new Uint8Array(0);

export function tracksOf(file: MidiFile): readonly Track[] {
  return file.chunks.flatMap((chunk) => (chunk.type === "track" ? [chunk.track] : []));
}

export function payloadOf(track: Track, index: number): Uint8Array {
  return track.payloads.get(index) ?? nothing;
}

/** The events of a track as records. */
export function* eventsOf(track: Track): Generator<MidiEvent> {
  for (let i = 0; i < track.count; i++) {
    const at = { tick: track.tick[i], ...(track.offset && { offset: track.offset[i] }) };
    const status = track.status[i];
    if (status === 0xff) yield { ...at, type: "meta", meta: track.data1[i], payload: payloadOf(track, i) };
    else if (status === 0xf0 || status === 0xf7) {
      yield { ...at, type: "sysex", status, payload: payloadOf(track, i) };
    } else yield { ...at, type: "channel", status, data1: track.data1[i], data2: track.data2[i] };
  }
}

/** A track from events in time order; an End of Track is added where the last event is none. */
export function trackFromEvents(events: readonly MidiEvent[]): Track {
  const last = events.at(-1);
  const ended = last?.type === "meta" && last.meta === metaType.endOfTrack;
  const all: readonly MidiEvent[] = ended
    ? events
    : [...events, { type: "meta", tick: last?.tick ?? 0, meta: metaType.endOfTrack, payload: nothing }];
  const payloads = new Map<number, Uint8Array>();
  all.forEach((event, i) => {
    if (event.type !== "channel") payloads.set(i, event.payload);
  });
  return {
    count: all.length,
    tick: Float64Array.from(all, (event) => event.tick),
    status: Uint8Array.from(all, (event) => (event.type === "meta" ? 0xff : event.status)),
    data1: Uint8Array.from(all, (event) =>
      event.type === "channel" ? event.data1 : event.type === "meta" ? event.meta : 0,
    ),
    data2: Uint8Array.from(all, (event) => (event.type === "channel" ? event.data2 : 0)),
    implicit: new Uint8Array(all.length),
    offset: undefined,
    payloads,
  };
}
