/**
 * @file Whole notes as steps of several fields: what `notes` and `multitrack` share. Hanging notes cannot happen, and
 * a step of context is a whole note.
 *
 * Onsets are measured from the clock of what was already written, so the error of a bin is made good by the next
 * shift and time never drifts. A silence longer than the longest shift is written as rests (pitch 128), so that the
 * notes after it stay in their places (docs/decisions/0004).
 */
import { type Column, type Notes, notesFromColumns } from "../music/performance.ts";
import { binToVelocity, velocityToBin } from "./event-stream.ts";
import { type Grid, nearestBin } from "./grid.ts";
import type { DecodeOptions, Field } from "./representation.ts";

export interface NoteGrids {
  /** Seconds since the onset before; the first bin is 0. */
  readonly shift: Grid;
  readonly duration: Grid;
}

/** The fields of a step: shift, program where there are several, pitch, velocity, duration. */
export interface NoteLayout {
  readonly fields: readonly Field[];
  readonly grids: NoteGrids;
  /** Index of the field `pitch`: the program, if any, stands before it. */
  readonly pitchField: 1 | 2;
}

export const rest = 128;
/** In place of a program: the drum kit. */
export const drums = 128;
const velocityBins = 32;

export function noteLayout(grids: NoteGrids, hasProgram: boolean): NoteLayout {
  return {
    fields: [
      { name: "shift", size: grids.shift.length },
      ...(hasProgram ? [{ name: "program", size: drums + 1 }] : []),
      { name: "pitch", size: rest + 1 },
      { name: "velocity", size: velocityBins },
      { name: "duration", size: grids.duration.length },
    ],
    grids,
    pitchField: hasProgram ? 2 : 1,
  };
}

/**
 * Steps of notes whose ends are final.
 *
 * @param programs by note, where the layout has them: notes of one moment then stand by program, then pitch.
 */
export function encodeSteps(notes: Notes, layout: NoteLayout, programs?: Column): Int32Array {
  const { shift, duration } = layout.grids;
  const { rests, bin, onset, steps } = place(notes.start, shift);
  const order = programs && momentOrder(notes.pitch, programs, bin);
  const tokens = new Int32Array(steps * layout.fields.length);
  let length = 0;
  const write = (first: number, program: number, pitch: number, velocity: number, last: number) => {
    tokens[length++] = first;
    if (programs) tokens[length++] = program;
    tokens[length++] = pitch;
    tokens[length++] = velocity;
    tokens[length++] = last;
  };
  for (let i = 0; i < notes.count; i++) {
    for (let k = 0; k < rests[i]; k++) write(shift.length - 1, 0, rest, 0, 0);
    const note = order ? order[i] : i;
    const ends = nearestBin(duration, notes.end[note] - onset[i]);
    const velocity = velocityToBin(notes.velocity[note], velocityBins) - 1;
    write(bin[i], programs ? programs[note] : 0, notes.pitch[note], velocity, ends);
  }
  return tokens;
}

/** Where notes come to stand on the grid: rests before each, its bin of shift, and the onset these lead to. */
function place(start: Column, shift: Grid) {
  const longest = shift[shift.length - 1];
  const rests = new Uint32Array(start.length);
  const bin = new Uint16Array(start.length);
  const onset = new Float64Array(start.length);
  let steps = start.length;
  let clock = 0;
  for (let i = 0; i < start.length; i++) {
    // A rest is written only where it leaves something to the next shift: 10.001 s are one longest shift of 10 s.
    for (; nearestBin(shift, start[i] - clock - longest) > 0; clock += longest) rests[i]++;
    steps += rests[i];
    bin[i] = nearestBin(shift, start[i] - clock);
    clock += shift[bin[i]];
    onset[i] = clock;
  }
  return { rests, bin, onset, steps };
}

/** Notes by moment, program, pitch: a moment begins with every note that moves time on. */
function momentOrder(pitch: Column, programs: Column, bin: Column): Column {
  const moment = new Uint32Array(bin.length);
  for (let i = 1; i < bin.length; i++) moment[i] = moment[i - 1] + (bin[i] > 0 ? 1 : 0);
  return Uint32Array.from(bin, (_, i) => i).sort(
    (a, b) => moment[a] - moment[b] || programs[a] - programs[b] || pitch[a] - pitch[b] || a - b,
  );
}

/** What steps hold; `instrument` is the program, or 0 where the layout has none. */
export function decodeSteps(
  tokens: Column,
  { fields, grids: { shift, duration }, pitchField }: NoteLayout,
  { maximumNoteSeconds = Number.POSITIVE_INFINITY }: DecodeOptions = {},
): { readonly notes: Notes; readonly duration: number } {
  // A last step that is not whole is left out.
  const steps = Math.floor(tokens.length / fields.length);
  const start = new Float64Array(steps);
  const end = new Float64Array(steps);
  const pitch = new Uint8Array(steps);
  const velocity = new Uint8Array(steps);
  const instrument = new Uint16Array(steps);
  let count = 0;
  let clock = 0;
  for (let i = 0; i < steps; i++) {
    const at = i * fields.length;
    const seconds = shift[tokens[at]];
    const program = pitchField === 2 ? tokens[at + 1] : 0;
    const key = tokens[at + pitchField];
    const bin = tokens[at + pitchField + 1];
    const length = duration[tokens[at + pitchField + 2]];
    const known =
      program >= 0 && program <= drums && key >= 0 && key <= rest && bin >= 0 && bin < velocityBins;
    if (seconds === undefined || length === undefined || !known) continue;
    clock += seconds;
    if (key === rest) continue;
    start[count] = clock;
    end[count] = clock + Math.min(length, maximumNoteSeconds);
    if (!(end[count] > clock)) continue;
    pitch[count] = key;
    velocity[count] = binToVelocity(bin + 1, velocityBins, "centre");
    instrument[count] = program;
    count++;
  }
  const notes = notesFromColumns({
    start: start.subarray(0, count),
    end: end.subarray(0, count),
    pitch: pitch.subarray(0, count),
    velocity: velocity.subarray(0, count),
    instrument: instrument.subarray(0, count),
  });
  return { notes, duration: clock };
}

/** "shift:0.25000", "program:40", "drums", "pitch:60", "rest", "velocity:16" (bin), "duration:1.00000". */
export function describeStep(token: number, field: number, { fields, grids }: NoteLayout): string {
  const name = fields[field]?.name;
  if (name === undefined || token < 0 || token >= fields[field].size) return `unknown:${token}`;
  if (name === "shift") return `shift:${grids.shift[token].toFixed(5)}`;
  if (name === "duration") return `duration:${grids.duration[token].toFixed(5)}`;
  if (name === "pitch" && token === rest) return "rest";
  if (name === "program" && token === drums) return "drums";
  return `${name}:${name === "velocity" ? token + 1 : token}`;
}
