/**
 * @file `pitches`: one token per note, its pitch and the time from its onset to the next one: what the simple RNN
 * generators learn, with a vocabulary that is the same for every corpus.
 *
 * Time is one of 16 classes; class 0 is "together with the next note", so a chord is its notes from the lowest up. A
 * note sounds until the next moment, at most for the longest class. A silence beyond that, or before the first note,
 * is rests. Times are measured from the clock of what was already written, so that time never drifts.
 */
import { z } from "zod";
import {
  type Column,
  type Notes,
  noPedals,
  notesFromColumns,
  type Performance,
  performanceOf,
  piano,
} from "../music/performance.ts";
import { pitchName } from "../music/pitch.ts";
import { invariant } from "../util/errors.ts";
import { type Grid, nearestBin } from "./grid.ts";
import { checkFits, type DecodeOptions, defineRepresentation, type GrammarState } from "./representation.ts";

/** Quarters that each class stands for: plain, dotted and triplet values where melodies move. */
const quarters = [0, 1 / 6, 1 / 4, 1 / 3, 3 / 8, 1 / 2, 2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 2, 3, 4, 6, 8];
const classes = quarters.length;
const longest = classes - 1;
/** Class of a quarter. */
const quarter = quarters.indexOf(1);
/** Ids from here on are rests, of class 1 first. */
const firstRest = 128 * classes;
const size = firstRest + longest;

export const pitchesRepresentation = defineRepresentation({
  name: "pitches",
  summary: "One token per note: its pitch and one of 16 classes of time to the next note",
  config: z.object({
    tempo: z
      .int()
      .min(20)
      .max(400)
      .default(120)
      .describe("quarters a minute in which classes of time are note values"),
    velocity: z.int().min(1).max(127).default(80).describe("how loud decoded notes are"),
    programs: z
      .enum(["one", "merge"])
      .default("one")
      .describe("refuse music of several programs, or merge them into one instrument"),
  }),
  create: ({ tempo, velocity, programs }) => {
    const seconds: Grid = quarters.map((value) => (value * 60) / tempo);
    return {
      fields: [{ name: "note", size }],
      normalise: (performance) => legato(performance, seconds),
      encode(performance) {
        checkFits(performance, "pitches", programs === "one");
        return encodePitches(performance.notes, seconds);
      },
      decode: (tokens, options) => decodePitches(tokens, seconds, velocity, options),
      describe(token) {
        if (!(token >= 0 && token < size)) return `unknown:${token}`;
        const time = Number(seconds[timeOf(token)].toFixed(5));
        return token < firstRest ? `note:${pitchName(Math.floor(token / classes))}:${time}` : `rest:${time}`;
      },
      grammar: () => new PitchGrammarState(),
      timeline: undefined,
    };
  },
});

/**
 * Tokens of a melody whose notes follow one another in even time, at class 8 in quarters.
 *
 * @example pitchTokens([60, 62, 64]) → three quarters C4, D4, E4
 */
export function pitchTokens(pitches: readonly number[], timeClass: number = quarter): Int32Array {
  return Int32Array.from(pitches, (pitch) => {
    invariant(pitch >= 0 && pitch <= 127 && timeClass >= 0 && timeClass < classes, "a pitch and a class");
    return pitch * classes + timeClass;
  });
}

const timeOf = (token: number) => (token < firstRest ? token % classes : token - firstRest + 1);

interface Moment {
  /** Indices of its notes: from `first` up to, not including, `next`. */
  readonly first: number;
  readonly next: number;
  readonly start: number;
}

/** Notes that begin nearer to the first of them than half of the shortest class begin together. */
function momentsOf({ count, start }: Notes, seconds: Grid): readonly Moment[] {
  const moments: Moment[] = [];
  for (let first = 0, next = 0; first < count; first = next) {
    while (next < count && nearestBin(seconds, start[next] - start[first]) === 0) next++;
    moments.push({ first, next, start: start[first] });
  }
  return moments;
}

/** When the last of its notes ends. */
function endOf({ end }: Notes, { first, next }: Moment): number {
  let latest = end[first];
  for (let i = first + 1; i < next; i++) latest = Math.max(latest, end[i]);
  return latest;
}

/** From the lowest up, each once. */
function pitchesOf({ pitch }: Notes, { first, next }: Moment): readonly number[] {
  const pitches = new Set<number>();
  for (let i = first; i < next; i++) pitches.add(pitch[i]);
  return [...pitches].sort((a, b) => a - b);
}

/** The same notes without pedals, each sounding until the next moment or for the longest class. */
function legato({ notes, instruments, duration }: Performance, seconds: Grid): Performance {
  const end = new Float64Array(notes.count);
  const moments = momentsOf(notes, seconds);
  moments.forEach((moment, k) => {
    const next = moments[k + 1];
    // The last notes have the length of the longest of them, which encoding will take the class of.
    const until =
      next === undefined ? endOf(notes, moment) : Math.min(next.start, moment.start + seconds[longest]);
    end.fill(until, moment.first, moment.next);
  });
  return performanceOf({ ...notes, end }, noPedals, instruments, duration);
}

function encodePitches(notes: Notes, seconds: Grid): Int32Array {
  const tokens: number[] = [];
  const moments = momentsOf(notes, seconds);
  let clock = 0;
  const rest = (until: number) => {
    for (; until - clock > seconds[longest]; clock += seconds[longest]) tokens.push(size - 1);
    const time = nearestBin(seconds, until - clock);
    if (time > 0) tokens.push(firstRest + time - 1);
    clock += seconds[time];
  };
  if (moments.length > 0) rest(moments[0].start);
  moments.forEach((moment, k) => {
    const pitches = pitchesOf(notes, moment);
    const until = k + 1 < moments.length ? moments[k + 1].start : endOf(notes, moment);
    // Even where the clock is ahead, what is no chord becomes none.
    const time = Math.max(1, nearestBin(seconds, until - clock));
    const last = pitches.length - 1;
    for (const [i, pitch] of pitches.entries()) tokens.push(pitch * classes + (i < last ? 0 : time));
    clock += seconds[time];
    if (time === longest && k < moments.length - 1) rest(until);
  });
  return Int32Array.from(tokens);
}

/** Notes end when time next moves on; those after which it never does are none. */
function decodePitches(
  tokens: Column,
  seconds: Grid,
  loudness: number,
  { maximumNoteSeconds = Number.POSITIVE_INFINITY }: DecodeOptions = {},
): Performance {
  const start = new Float64Array(tokens.length);
  const end = new Float64Array(tokens.length);
  const pitch = new Uint8Array(tokens.length);
  let struck = 0;
  let ended = 0;
  let clock = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (!(token >= 0 && token < size)) continue;
    if (token < firstRest) {
      start[struck] = clock;
      pitch[struck++] = Math.floor(token / classes);
    }
    const begins = clock;
    clock += seconds[timeOf(token)];
    if (clock > begins)
      for (; ended < struck; ended++) end[ended] = Math.min(clock, begins + maximumNoteSeconds);
  }
  const count = maximumNoteSeconds > 0 ? ended : 0;
  const notes = notesFromColumns({
    start: start.subarray(0, count),
    end: end.subarray(0, count),
    pitch: pitch.subarray(0, count),
    velocity: new Uint8Array(count).fill(loudness),
    instrument: new Uint16Array(count),
  });
  return performanceOf(notes, noPedals, [piano], clock);
}

/** A chord rises to a note with time; rests come at the beginning, and after the longest note or rest. */
class PitchGrammarState implements GrammarState {
  readonly field = 0;
  readonly #mask = new Uint8Array(size);
  /** Of the chord that is open; -1 where none is. */
  #chordPitch = -1;
  #mayRest = true;

  allowed(): Uint8Array {
    const mask = this.#mask.fill(1);
    mask.fill(0, 0, (this.#chordPitch + 1) * classes);
    if (!this.#mayRest) mask.fill(0, firstRest);
    // Nothing is above the highest pitch that could end its chord.
    mask[127 * classes] = 0;
    return mask;
  }

  advance(token: number): void {
    const time = timeOf(token);
    const pitch = Math.floor(token / classes);
    this.#chordPitch = time === 0 && pitch < 127 ? pitch : -1;
    this.#mayRest = time === longest;
  }

  copy(): PitchGrammarState {
    const twin = new PitchGrammarState();
    twin.#chordPitch = this.#chordPitch;
    twin.#mayRest = this.#mayRest;
    return twin;
  }
}
