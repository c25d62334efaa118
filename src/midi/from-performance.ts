/** @file Performance and Score → MidiFile: format 1, 480 ticks per quarter, tempo and track names set, pedals written back. */
import type { Instrument, Notes, Pedals, Performance } from "../music/performance.ts";
import type { Score } from "../music/score.ts";
import { createTempoMap, quartersAt } from "../music/tempo.ts";
import { UsageError } from "../util/errors.ts";
import { type MidiEvent, type MidiFile, metaType, type Track, trackFromEvents } from "./file.ts";

export const ticksPerQuarter = 480;

export interface MidiOptions {
  /** Quarters per minute of the grid that seconds are written on; the music sounds the same. Default 120. */
  readonly tempo?: number;
  /** Name of the first track. */
  readonly title?: string;
  /** Text events for the first track: who made this, with which seed. */
  readonly texts?: readonly string[];
}

/** A performance as a MIDI file. Times fall on ticks of 1/960 s at the default tempo. */
export function midiFromPerformance(performance: Performance, options: MidiOptions = {}): MidiFile {
  const secondsPerQuarter = 60 / (options.tempo ?? 120);
  const map = createTempoMap([{ quarter: 0, secondsPerQuarter }]);
  return assemble(performance, (second) => quartersAt(map, second) * ticksPerQuarter, performance.duration, [
    ...heading(options),
    tempoEvent(0, secondsPerQuarter),
  ]);
}

/** A score as a MIDI file, with its tempo map and signatures. */
export function midiFromScore(score: Score, options: MidiOptions = {}): MidiFile {
  const tick = (quarter: number) => Math.round(quarter * ticksPerQuarter);
  const conductor: MidiEvent[] = [
    ...heading(options),
    ...score.tempo.map((change) => tempoEvent(tick(change.quarter), change.secondsPerQuarter)),
    ...score.timeSignatures.map(({ quarter, numerator, denominator }) =>
      meta(
        tick(quarter),
        metaType.timeSignature,
        Uint8Array.of(numerator, Math.round(Math.log2(denominator)), 24, 8),
      ),
    ),
    ...score.keySignatures.map(({ quarter, sharps, mode }) =>
      meta(tick(quarter), metaType.keySignature, Uint8Array.of(sharps & 0xff, mode === "minor" ? 1 : 0)),
    ),
  ];
  conductor.sort((a, b) => a.tick - b.tick);
  return assemble(score, (quarter) => quarter * ticksPerQuarter, score.length, conductor);
}

function meta(tick: number, type: number, payload: Uint8Array): MidiEvent {
  return { type: "meta", tick, meta: type, payload };
}

function heading({ title, texts = [] }: MidiOptions): MidiEvent[] {
  const encoder = new TextEncoder();
  return [
    ...(title === undefined ? [] : [meta(0, metaType.trackName, encoder.encode(title))]),
    ...texts.map((text) => meta(0, 0x01, encoder.encode(text))),
  ];
}

function tempoEvent(tick: number, secondsPerQuarter: number): MidiEvent {
  const microseconds = Math.min(0xffffff, Math.max(1, Math.round(secondsPerQuarter * 1e6)));
  return meta(
    tick,
    metaType.tempo,
    Uint8Array.of(microseconds >> 16, (microseconds >> 8) & 0xff, microseconds & 0xff),
  );
}

function assemble(
  music: { readonly notes: Notes; readonly pedals: Pedals; readonly instruments: readonly Instrument[] },
  toTick: (time: number) => number,
  duration: number,
  conductor: readonly MidiEvent[],
): MidiFile {
  const end = Math.round(toTick(duration));
  if (end > 0x0fffffff) {
    throw new UsageError(
      `found music of ${duration.toFixed(0)} s, expected at most the 28 bits of ticks a MIDI file holds: cut it`,
    );
  }
  const tick = (time: number) => Math.round(toTick(time));
  // Pedals of a lane that no instrument uses still need a track: the first.
  const lanes = new Map<number, number>();
  music.instruments.forEach(({ channel }, index) => {
    if (!lanes.has(channel)) lanes.set(channel, index);
  });
  const tracks = (music.instruments.length === 0 ? [undefined] : music.instruments).map((instrument, index) =>
    instrumentTrack(music, instrument, index, (channel) => (lanes.get(channel) ?? 0) === index, tick, end),
  );
  const first = trackFromEvents([...conductor, meta(end, metaType.endOfTrack, new Uint8Array(0))]);
  return {
    format: 1,
    division: { type: "quarters", ticksPerQuarter },
    chunks: [first, ...tracks].map((track) => ({ type: "track", track })),
  };
}

/** Order of events on one tick: releases, then pedals, then onsets, so that a repeated note is struck anew. */
const rank = { release: 0, pedal: 1, onset: 2, ownRelease: 3 } as const;

function instrumentTrack(
  music: { readonly notes: Notes; readonly pedals: Pedals },
  instrument: Instrument | undefined,
  index: number,
  ownsLane: (channel: number) => boolean,
  tick: (time: number) => number,
  end: number,
): Track {
  const channel = (instrument?.channel ?? 0) & 0x0f;
  const port = (instrument?.channel ?? 0) >> 4;
  const timed: {
    readonly tick: number;
    readonly rank: number;
    readonly status: number;
    data1: number;
    data2: number;
  }[] = [];
  const { notes, pedals } = music;
  for (let i = 0; i < notes.count; i++) {
    if (notes.instrument[i] !== index) continue;
    const on = tick(notes.start[i]);
    const off = tick(notes.end[i]);
    timed.push({
      tick: on,
      rank: rank.onset,
      status: 0x90 | channel,
      data1: notes.pitch[i],
      data2: notes.velocity[i],
    });
    timed.push({
      tick: off,
      rank: off > on ? rank.release : rank.ownRelease,
      status: 0x80 | channel,
      data1: notes.pitch[i],
      data2: 64,
    });
  }
  for (let i = 0; i < pedals.count; i++) {
    if (!ownsLane(pedals.channel[i])) continue;
    timed.push({
      tick: tick(pedals.time[i]),
      rank: rank.pedal,
      status: 0xb0 | (pedals.channel[i] & 0x0f),
      data1: pedals.controller[i],
      data2: pedals.value[i],
    });
  }
  timed.sort((a, b) => a.tick - b.tick || a.rank - b.rank);
  const events: MidiEvent[] = [
    ...(instrument?.name ? [meta(0, metaType.trackName, new TextEncoder().encode(instrument.name))] : []),
    ...(port > 0 ? [meta(0, metaType.port, Uint8Array.of(port))] : []),
    { type: "channel", tick: 0, status: 0xc0 | channel, data1: instrument?.program ?? 0, data2: 0 },
    ...timed.map((event): MidiEvent => ({ type: "channel", ...event })),
    meta(end, metaType.endOfTrack, new Uint8Array(0)),
  ];
  return trackFromEvents(events);
}
