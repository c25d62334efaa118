/** @file Performance and Score → MidiFile: format 1, 480 ticks per quarter, tempo and track names set, pedals written back. */
import type { Instrument, Notes, Pedals, Performance } from "../music/performance.ts";
import type { Score } from "../music/score.ts";
import { createTempoMap, quartersAt } from "../music/tempo.ts";
import { UsageError } from "../util/errors.ts";
import { type MidiEvent, type MidiFile, metaType, type Track, trackFromEvents } from "./file.ts";
import { assignLanes } from "./lanes.ts";

export const ticksPerQuarter = 480;
/** A delta time has 28 bits. */
const lastTick = 0x0fffffff;
/** A tempo event has 24 bits of microseconds. */
const longestQuarter = 0xffffff;

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
  const { tempo = 120 } = options;
  // The file holds whole microseconds; the grid is what the file says, or an hour would be milliseconds off.
  const microseconds = Math.round(60e6 / tempo);
  if (!(microseconds >= 1 && microseconds <= longestQuarter)) {
    throw new UsageError(`found a tempo of ${tempo}, expected 3.6 to 60,000,000 quarters a minute`);
  }
  const secondsPerQuarter = microseconds / 1e6;
  const map = createTempoMap([{ quarter: 0, secondsPerQuarter }]);
  const conductor = [...heading(options), tempoEvent(0, secondsPerQuarter)];
  return assemble(
    performance,
    (second) => Math.round(quartersAt(map, second) * ticksPerQuarter),
    performance.duration,
    conductor,
  );
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
  return assemble(score, tick, score.length, conductor);
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
  const microseconds = Math.min(longestQuarter, Math.max(1, Math.round(secondsPerQuarter * 1e6)));
  return meta(
    tick,
    metaType.tempo,
    Uint8Array.of(microseconds >> 16, (microseconds >> 8) & 0xff, microseconds & 0xff),
  );
}

interface Music {
  readonly notes: Notes;
  readonly pedals: Pedals;
  readonly instruments: readonly Instrument[];
}

function assemble(
  music: Music,
  tick: (time: number) => number,
  duration: number,
  conductor: readonly MidiEvent[],
): MidiFile {
  const voices = voicesOf(music, tick);
  let end = tick(duration);
  for (const { events } of voices) {
    for (const event of events) {
      if (!(event.tick >= 0))
        throw new UsageError(`found an event at tick ${event.tick}, expected times from 0 on`);
      end = Math.max(end, event.tick);
    }
  }
  if (!(end <= lastTick)) {
    throw new UsageError(
      `found music of ${duration.toFixed(0)} s, expected at most the 28 bits of ticks a MIDI file holds: cut it`,
    );
  }
  const endOfTrack = meta(end, metaType.endOfTrack, new Uint8Array(0));
  const tracks: readonly Track[] = [
    // Tempo changes behind the end would only make the music longer.
    trackFromEvents([...conductor.filter((event) => event.tick <= end), endOfTrack]),
    ...voices.map((voice) => trackFromEvents([...eventsOfVoice(voice), endOfTrack])),
  ];
  return {
    format: 1,
    division: { type: "quarters", ticksPerQuarter },
    chunks: tracks.map((track) => ({ type: "track", track })),
  };
}

/** Order of events on one tick: releases, then pedals, then onsets, so that a repeated note is struck anew. */
const rank = { heading: 0, release: 1, pedal: 2, program: 3, onset: 4, ownRelease: 5 } as const;

interface TimedEvent {
  readonly tick: number;
  readonly rank: number;
  readonly status: number;
  readonly data1: number;
  readonly data2: number;
}

/** What becomes a track: an instrument, or pedals whose lane has none. */
interface Voice {
  readonly name: string;
  readonly port: number;
  readonly events: TimedEvent[];
}

function voicesOf({ notes, pedals, instruments }: Music, tick: (time: number) => number): readonly Voice[] {
  const { lanes, moved } = assignLanes(instruments);
  const voices: Voice[] = instruments.map(({ name }, index) => ({
    name,
    port: lanes[index] >> 4,
    events: [],
  }));
  const byLane = new Map<number, Voice>();
  const programs = new Map<number, number>();
  const contested = new Set<number>();
  instruments.forEach(({ program }, index) => {
    const lane = lanes[index];
    if (!byLane.has(lane)) byLane.set(lane, voices[index]);
    if ((programs.get(lane) ?? program) !== program) contested.add(lane);
    programs.set(lane, program);
  });
  const change = (place: { tick: number; rank: number }, lane: number, program: number): TimedEvent => ({
    ...place,
    status: 0xc0 | (lane & 0x0f),
    data1: program,
    data2: 0,
  });
  instruments.forEach(({ program }, index) => {
    const place = { tick: 0, rank: rank.heading };
    if (!contested.has(lanes[index])) voices[index].events.push(change(place, lanes[index], program));
  });

  // Where instruments share a lane, each sets its program again before it plays.
  const sounding = new Map<number, number>();
  for (let i = 0; i < notes.count; i++) {
    const instrument = notes.instrument[i];
    const lane = lanes[instrument];
    const { events } = voices[instrument];
    const on = tick(notes.start[i]);
    const off = tick(notes.end[i]);
    const { program } = instruments[instrument];
    if (contested.has(lane) && sounding.get(lane) !== program) {
      events.push(change({ tick: on, rank: rank.program }, lane, program));
      sounding.set(lane, program);
    }
    const channel = lane & 0x0f;
    const data1 = notes.pitch[i];
    events.push({ tick: on, rank: rank.onset, status: 0x90 | channel, data1, data2: notes.velocity[i] });
    const releaseRank = off > on ? rank.release : rank.ownRelease;
    events.push({ tick: off, rank: releaseRank, status: 0x80 | channel, data1, data2: 64 });
  }
  for (let i = 0; i < pedals.count; i++) {
    const lane = moved.get(pedals.channel[i]) ?? pedals.channel[i];
    let voice = byLane.get(lane);
    if (voice === undefined) {
      voice = { name: "", port: lane >> 4, events: [] };
      voices.push(voice);
      byLane.set(lane, voice);
    }
    voice.events.push({
      tick: tick(pedals.time[i]),
      rank: rank.pedal,
      status: 0xb0 | (lane & 0x0f),
      data1: pedals.controller[i],
      data2: pedals.value[i],
    });
  }
  return voices;
}

function eventsOfVoice({ name, port, events }: Voice): readonly MidiEvent[] {
  events.sort((a, b) => a.tick - b.tick || a.rank - b.rank);
  return [
    ...(name === "" ? [] : [meta(0, metaType.trackName, new TextEncoder().encode(name))]),
    ...(port === 0 ? [] : [meta(0, metaType.port, Uint8Array.of(port))]),
    ...events.map(
      ({ tick, status, data1, data2 }): MidiEvent => ({ type: "channel", tick, status, data1, data2 }),
    ),
  ];
}
