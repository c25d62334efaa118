/**
 * @file `notes`: one step per note, with onset shift, pitch, velocity and duration side by side. Hanging notes cannot
 * happen, and a step of context is a whole note.
 *
 * Onsets are measured from the clock of what was already written, so the error of a bin is made good by the next
 * shift and time never drifts. A silence longer than the longest shift is written as rests (pitch 128), so that the
 * notes after it stay in their places (docs/decisions/0004).
 */
import { z } from "zod";
import {
  type Column,
  noPedals,
  notesFromColumns,
  type Performance,
  performanceOf,
  piano,
} from "../music/performance.ts";
import { foldSustain } from "../music/sustain.ts";
import { binToVelocity, velocityToBin } from "./event-stream.ts";
import { type Grid, linearGrid, logarithmicGrid, nearestBin } from "./grid.ts";
import {
  checkFits,
  type DecodeOptions,
  defineRepresentation,
  type Field,
  type GrammarStart,
  type GrammarState,
} from "./representation.ts";

const fieldCount = 4;
const rest = 128;
const velocityBins = 32;

interface Grids {
  readonly shift: Grid;
  readonly duration: Grid;
}

/** 64 log-spaced values (shift: 0, then 5 ms to 10 s; duration: 10 ms to 20 s), or 10 ms steps up to 10 s. */
const grids: Readonly<Record<"log" | "linear", Grids>> = {
  log: { shift: [0, ...logarithmicGrid(0.005, 10, 63)], duration: logarithmicGrid(0.01, 20, 64) },
  linear: { shift: linearGrid(0, 0.01, 1001), duration: linearGrid(0.01, 0.01, 1000) },
};

export const notesRepresentation = defineRepresentation({
  name: "notes",
  summary: "One step per note: onset shift, pitch, velocity, duration as four fields",
  config: z.object({
    grid: z.enum(["log", "linear"]).default("log").describe("64 log-spaced bins of time, or steps of 10 ms"),
    sustain: z.boolean().default(true).describe("fold the sustain pedal into durations"),
    programs: z
      .enum(["one", "merge"])
      .default("one")
      .describe("refuse music of several programs, or merge them into one instrument"),
  }),
  create: ({ grid, sustain, programs }) => {
    const { shift, duration } = grids[grid];
    const normalise = (performance: Performance) => (sustain ? foldSustain(performance) : performance);
    const fields: readonly Field[] = [
      { name: "shift", size: shift.length },
      { name: "pitch", size: 129 },
      { name: "velocity", size: velocityBins },
      { name: "duration", size: duration.length },
    ];
    return {
      fields,
      normalise,
      encode(performance) {
        checkFits(performance, "notes", programs === "one");
        return encodeNotes(normalise(performance), grids[grid]);
      },
      decode: (tokens, options) => decodeNotes(tokens, grids[grid], options),
      describe: (token, field = 0) => describeNote(token, field, fields, grids[grid]),
      grammar: (start) => new NoteGrammarState(fields, start),
      timeline: undefined,
    };
  },
});

function encodeNotes({ notes }: Performance, { shift, duration }: Grids): Int32Array {
  const longest = shift[shift.length - 1];
  const last = notes.count === 0 ? 0 : notes.start[notes.count - 1];
  const tokens = new Int32Array((notes.count + Math.ceil(last / longest) + 1) * fieldCount);
  let length = 0;
  let clock = 0;
  const write = (first: number, pitch: number, velocity: number, second: number) => {
    tokens[length++] = first;
    tokens[length++] = pitch;
    tokens[length++] = velocity;
    tokens[length++] = second;
    clock += shift[first];
  };
  for (let i = 0; i < notes.count; i++) {
    // A rest is written only where it leaves something to the next shift: 10.001 s are one longest shift.
    while (nearestBin(shift, notes.start[i] - clock - longest) > 0) write(shift.length - 1, rest, 0, 0);
    const bin = nearestBin(shift, notes.start[i] - clock);
    const begins = clock + shift[bin];
    const ends = nearestBin(duration, notes.end[i] - begins);
    write(bin, notes.pitch[i], velocityToBin(notes.velocity[i], velocityBins) - 1, ends);
  }
  return tokens.slice(0, length);
}

function decodeNotes(
  tokens: Column,
  { shift, duration }: Grids,
  { maximumNoteSeconds = Number.POSITIVE_INFINITY }: DecodeOptions = {},
): Performance {
  // A last step that is not whole is left out.
  const steps = Math.floor(tokens.length / fieldCount);
  const start = new Float64Array(steps);
  const end = new Float64Array(steps);
  const pitch = new Uint8Array(steps);
  const velocity = new Uint8Array(steps);
  let count = 0;
  let clock = 0;
  for (let i = 0; i < steps; i++) {
    const at = i * fieldCount;
    const seconds = shift[tokens[at]];
    const length = duration[tokens[at + 3]];
    const key = tokens[at + 1];
    const bin = tokens[at + 2];
    const known = key >= 0 && key <= rest && bin >= 0 && bin < velocityBins;
    if (seconds === undefined || length === undefined || !known) continue;
    clock += seconds;
    if (key === rest) continue;
    start[count] = clock;
    end[count] = clock + Math.min(length, maximumNoteSeconds);
    if (!(end[count] > clock)) continue;
    pitch[count] = key;
    velocity[count] = binToVelocity(bin + 1, velocityBins, "centre");
    count++;
  }
  const notes = notesFromColumns({
    start: start.subarray(0, count),
    end: end.subarray(0, count),
    pitch: pitch.subarray(0, count),
    velocity: velocity.subarray(0, count),
    instrument: new Uint16Array(count),
  });
  return performanceOf(notes, noPedals, [piano], clock);
}

function describeNote(
  token: number,
  field: number,
  fields: readonly Field[],
  { shift, duration }: Grids,
): string {
  const name = fields[field]?.name;
  if (name === undefined || token < 0 || token >= fields[field].size) return `unknown:${token}`;
  if (name === "shift") return `shift:${shift[token].toFixed(5)}`;
  if (name === "duration") return `duration:${duration[token].toFixed(5)}`;
  if (name === "pitch" && token === rest) return "rest";
  return `${name}:${name === "velocity" ? token + 1 : token}`;
}

/** Any note may follow any; a rest is the longest shift, with nothing in its other fields. */
class NoteGrammarState implements GrammarState {
  readonly #fields: readonly Field[];
  readonly #masks: readonly Uint8Array[];
  readonly #start: GrammarStart;
  #field = 0;
  #longestShift = false;
  #isRest = false;

  constructor(fields: readonly Field[], start: GrammarStart) {
    this.#fields = fields;
    this.#start = start;
    this.#masks = fields.map((field) => new Uint8Array(field.size));
  }

  get field(): number {
    return this.#field;
  }

  allowed(): Uint8Array {
    const mask = this.#masks[this.#field];
    if (this.#field >= 2 && this.#isRest) {
      mask.fill(0);
      mask[0] = 1;
      return mask;
    }
    mask.fill(1);
    if (this.#field === 1) mask[rest] = this.#longestShift ? 1 : 0;
    return mask;
  }

  advance(token: number): void {
    if (this.#field === 0) this.#longestShift = token === this.#fields[0].size - 1;
    if (this.#field === 1) this.#isRest = token === rest;
    this.#field = (this.#field + 1) % fieldCount;
  }

  copy(): NoteGrammarState {
    const twin = new NoteGrammarState(this.#fields, this.#start);
    twin.#field = this.#field;
    twin.#longestShift = this.#longestShift;
    twin.#isRest = this.#isRest;
    return twin;
  }
}
