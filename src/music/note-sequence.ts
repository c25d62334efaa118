/**
 * @file NoteSequence, the JSON of Magenta's note-seq, to and from a Performance.
 *
 * Who plays: `instrument` is our `Instrument.channel`, the lane on which pedals reach the notes. note-seq numbers the
 * instruments of a file from 0 on, whatever their channel; the MIDI writer moves drums to a channel of theirs. Several
 * of our instruments may share a lane (two hands on one channel), so `part` keeps them apart: it is the index of the
 * instrument, and `partInfos` has the names. Files of others have no parts; there, notes with one `instrument`,
 * `program` and `isDrum` make an instrument, and `instrumentInfos` has the names. Instruments without notes are not
 * kept, nor are pitch bends and controllers other than the pedals.
 */
import { ConfigError } from "../util/errors.ts";
import { type ParsedNoteSequence, parseNoteSequence } from "./note-sequence-schema.ts";
import {
  type Instrument,
  notesFromColumns,
  type Performance,
  pedalsFromColumns,
  pedalsOf,
  performanceOf,
  softController,
  sostenutoController,
  sustainController,
} from "./performance.ts";

/** What is written: protobuf's JSON, with times always there and other defaults left out. */
export interface NoteSequence {
  readonly notes: readonly (Player & {
    readonly pitch: number;
    readonly velocity: number;
    readonly startTime: number;
    readonly endTime: number;
    readonly part?: number;
  })[];
  readonly controlChanges?: readonly (Player & {
    readonly time: number;
    readonly controlNumber: number;
    readonly controlValue: number;
  })[];
  readonly totalTime: number;
  readonly ticksPerQuarter: number;
  readonly tempos: readonly { readonly time: number; readonly qpm: number }[];
  readonly sourceInfo: { readonly sourceType: "PERFORMANCE_BASED" };
  readonly instrumentInfos?: readonly { readonly instrument: number; readonly name: string }[];
  readonly partInfos?: readonly { readonly part: number; readonly name: string }[];
}

interface Player {
  readonly instrument?: number;
  readonly program?: number;
  readonly isDrum?: true;
}

/** protobuf cannot tell a velocity of 0 from none; melodies of Magenta.js have none, and it plays them at this. */
const velocityOfNone = 100;
/** Notes hold the index of their instrument in sixteen bits. */
const mostInstruments = 0x10000;
const pedalControllers: readonly number[] = [sustainController, sostenutoController, softController];

/**
 * The music of a NoteSequence. One quantised to steps per second is read by its steps.
 *
 * @throws ConfigError for anything else: one sentence, with the path of what does not fit.
 */
export function performanceFromNoteSequence(json: unknown): Performance {
  const sequence = parseNoteSequence(json);
  const { notes, controlChanges } = sequence;
  const rate = stepsPerSecondOf(sequence);
  const secondsOf = (step: number, seconds: number) => (rate > 0 && step > 0 ? step / rate : seconds);
  const { instruments, indexes } = collectInstruments(sequence);
  const start = new Float64Array(notes.length);
  const end = new Float64Array(notes.length);
  notes.forEach((note, i) => {
    // Quantised notes end at a step above 0; one that begins at step 0 begins with the music.
    const isQuantised = rate > 0 && note.quantizedEndStep > 0;
    start[i] = isQuantised ? note.quantizedStartStep / rate : note.startTime;
    end[i] = secondsOf(note.quantizedEndStep, note.endTime);
    if (end[i] >= start[i]) return;
    throw new ConfigError(
      `NoteSequence, notes[${i}]: found a note from ${start[i]} s to ${end[i]} s, expected it to end after it starts`,
      ["notes", i],
    );
  });
  const moves = controlChanges
    .filter((change) => pedalControllers.includes(change.controlNumber))
    .map((change) => ({ ...change, time: secondsOf(change.quantizedStep, change.time) }))
    .sort((a, b) => a.time - b.time);
  return performanceOf(
    notesFromColumns({
      start,
      end,
      pitch: Uint8Array.from(notes, (note) => note.pitch),
      velocity: Uint8Array.from(notes, (note) => note.velocity || velocityOfNone),
      instrument: Uint16Array.from(indexes),
    }),
    pedalsFromColumns({
      time: Float64Array.from(moves, (move) => move.time),
      controller: Uint8Array.from(moves, (move) => move.controlNumber),
      value: Uint8Array.from(moves, (move) => move.controlValue),
      channel: Uint16Array.from(moves, (move) => move.instrument),
    }),
    instruments,
    secondsOf(sequence.totalQuantizedSteps, sequence.totalTime),
  );
}

/** 0 for music that is in seconds. */
function stepsPerSecondOf({ notes, quantizationInfo }: ParsedNoteSequence): number {
  if (quantizationInfo !== undefined && quantizationInfo.stepsPerSecond > 0)
    return quantizationInfo.stepsPerSecond;
  const isInSeconds = notes.every((note) => note.endTime > 0 || note.quantizedEndStep === 0);
  if (quantizationInfo === undefined && isInSeconds) return 0;
  throw new ConfigError(
    "NoteSequence, quantizationInfo: found music quantised to parts of a beat, expected stepsPerSecond, or times in " +
      "seconds: give the sequence as it was before it was quantised",
    ["quantizationInfo"],
  );
}

/** One instrument for every part, lane, program and kind that plays, by part and lane; and which one each note has. */
function collectInstruments({ notes, partInfos, instrumentInfos }: ParsedNoteSequence): {
  readonly instruments: readonly Instrument[];
  readonly indexes: readonly number[];
} {
  const partNames = new Map(partInfos.map(({ part, name }) => [part, name]));
  const laneNames = new Map(instrumentInfos.map(({ instrument, name }) => [instrument, name]));
  const keyOf = (note: (typeof notes)[number]) =>
    `${note.part} ${note.instrument} ${note.program} ${note.isDrum}`;
  const players = new Map(notes.map((note) => [keyOf(note), note]));
  if (players.size > mostInstruments) {
    throw new ConfigError(
      `NoteSequence, notes: found ${players.size} instruments, expected at most ${mostInstruments}`,
      ["notes"],
    );
  }
  const sorted = [...players].sort(([, a], [, b]) => a.part - b.part || a.instrument - b.instrument);
  const order = new Map(sorted.map(([key], index) => [key, index]));
  return {
    instruments: sorted.map(([, { part, instrument, program, isDrum }]) => {
      const name = partNames.get(part) ?? laneNames.get(instrument) ?? "";
      return Object.freeze({ name, program, isDrum, channel: instrument });
    }),
    indexes: notes.map((note) => order.get(keyOf(note)) ?? 0),
  };
}

/** A performance as a NoteSequence: what `performanceFromNoteSequence` makes into the same performance again. */
export function noteSequenceFromPerformance(performance: Performance): NoteSequence {
  const { notes, instruments, duration } = performance;
  const players = instruments.map(playerOf);
  const plays = new Uint8Array(instruments.length);
  const written = Array.from({ length: notes.count }, (_, i) => {
    const part = notes.instrument[i];
    plays[part] = 1;
    return {
      pitch: notes.pitch[i],
      velocity: notes.velocity[i],
      startTime: notes.start[i],
      endTime: notes.end[i],
      ...players[part],
      ...(part > 0 && { part }),
    };
  });
  // Of several instruments on a lane the first one stands for all: note-seq has one name and one player there.
  const lanes = new Map<number, { readonly name: string; readonly player: Player }>();
  instruments.forEach(({ channel, name }, i) => {
    if (!lanes.has(channel)) lanes.set(channel, { name, player: players[i] });
  });
  const controlChanges = Array.from(pedalsOf(performance), (move) => ({
    time: move.time,
    controlNumber: move.controller,
    controlValue: move.value,
    ...(lanes.get(move.channel)?.player ?? (move.channel > 0 && { instrument: move.channel })),
  }));
  const playing = [...instruments.entries()].filter(([part]) => plays[part] === 1);
  return {
    ticksPerQuarter: 480,
    tempos: [{ time: 0, qpm: 120 }],
    totalTime: duration,
    sourceInfo: { sourceType: "PERFORMANCE_BASED" },
    instrumentInfos: [...lanes].map(([instrument, { name }]) => ({ instrument, name })),
    partInfos: playing.map(([part, { name }]) => ({ part, name })),
    notes: written,
    controlChanges,
  };
}

function playerOf({ channel, program, isDrum }: Instrument): Player {
  return {
    ...(channel > 0 && { instrument: channel }),
    ...(program > 0 && { program }),
    ...(isDrum && { isDrum }),
  };
}
