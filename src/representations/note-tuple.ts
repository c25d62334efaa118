/**
 * @file `note-tuple`: a step per note, as Performance RNN's note encoding has it: shift, pitch, velocity and duration on a
 * grid of 10 ms, where a time is two fields, so that no softmax is wide.
 *
 * Source: REPRESENTATIONS 1.6, after note-seq's `NotePerformance` and Magenta's encoder of it, which refuse a piece for one
 * note or silence that is too long. Here it is shortened to the longest there is (docs/decisions/0029).
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
import { foldSustain } from "../music/sustain.ts";
import { binToVelocity, stepsPerSecond, toStep, velocityToBin } from "./event-stream.ts";
import { velocityOptions } from "./performance.ts";
import {
  checkFits,
  type DecodeOptions,
  defineRepresentation,
  type Field,
  type GrammarState,
} from "./representation.ts";

/** A shift of 0 to 1,000 steps is 77 · major + minor. */
const shiftMinor = 77;
/** A duration of 1 to 1,000 steps is 40 · major + minor + 1. */
const durationMinor = 40;
const longestShift = 1000;
const longestDuration = 1000;
const velocityBins = 32;

const fields: readonly Field[] = [
  { name: "shift-major", size: 13 },
  { name: "shift-minor", size: shiftMinor },
  { name: "pitch", size: 128 },
  { name: "velocity", size: velocityBins },
  { name: "duration-major", size: 25 },
  { name: "duration-minor", size: durationMinor },
];
const width = fields.length;

const { programs, decodeVelocity } = velocityOptions;

export const noteTupleRepresentation = defineRepresentation({
  name: "note-tuple",
  summary: "One step per note: shift, pitch, velocity, duration as Performance RNN's six fields",
  config: z.object({
    decodeVelocity,
    programs,
    sustain: z.boolean().default(true).describe("fold the sustain pedal into durations"),
  }),
  create: ({ decodeVelocity: mode, programs: policy, sustain }) => {
    const normalise = (performance: Performance) => (sustain ? foldSustain(performance) : performance);
    return {
      fields,
      normalise,
      encode(performance) {
        checkFits(performance, "note-tuple", policy === "one");
        return encodeTuples(normalise(performance).notes);
      },
      decode: (tokens, options) => decodeTuples(tokens, mode, options),
      describe: describeTuple,
      grammar: () => anyStep(0),
      timeline: undefined,
    };
  },
});

function encodeTuples({ count, start, end, pitch, velocity }: Notes): Int32Array {
  const tokens = new Int32Array(count * width);
  let now = 0;
  for (let i = 0; i < count; i++) {
    const step = toStep(start[i]);
    const shift = Math.min(step - now, longestShift);
    const duration = Math.min(Math.max(1, toStep(end[i]) - step), longestDuration);
    now = step;
    tokens.set(
      [
        Math.floor(shift / shiftMinor),
        shift % shiftMinor,
        pitch[i],
        velocityToBin(velocity[i], velocityBins) - 1,
        Math.floor((duration - 1) / durationMinor),
        (duration - 1) % durationMinor,
      ],
      i * width,
    );
  }
  return tokens;
}

function decodeTuples(
  tokens: Column,
  mode: "centre" | "floor",
  { maximumNoteSeconds = Number.POSITIVE_INFINITY }: DecodeOptions = {},
): Performance {
  // A last step that is not whole is left out.
  const steps = Math.floor(tokens.length / width);
  const start = new Float64Array(steps);
  const end = new Float64Array(steps);
  const pitch = new Uint8Array(steps);
  const velocity = new Uint8Array(steps);
  let count = 0;
  let now = 0;
  for (let at = 0; at < steps * width; at += width) {
    if (!fields.every(({ size }, field) => tokens[at + field] >= 0 && tokens[at + field] < size)) continue;
    now += tokens[at] * shiftMinor + tokens[at + 1];
    const duration = tokens[at + 4] * durationMinor + tokens[at + 5] + 1;
    start[count] = now / stepsPerSecond;
    end[count] = Math.min((now + duration) / stepsPerSecond, start[count] + maximumNoteSeconds);
    if (!(end[count] > start[count])) continue;
    pitch[count] = tokens[at + 2];
    velocity[count] = binToVelocity(tokens[at + 3] + 1, velocityBins, mode);
    count++;
  }
  const notes = notesFromColumns({
    start: start.subarray(0, count),
    end: end.subarray(0, count),
    pitch: pitch.subarray(0, count),
    velocity: velocity.subarray(0, count),
    instrument: new Uint16Array(count),
  });
  return performanceOf(notes, noPedals, [piano], now / stepsPerSecond);
}

/** Times in seconds: "shift-major:0.77" and "shift-minor:0.05", "pitch:60", "velocity:16" (bin), "duration-minor:0.40". */
function describeTuple(token: number, field = 0): string {
  const { name, size } = fields[field] ?? {};
  if (name === undefined || !(token >= 0 && token < size)) return `unknown:${token}`;
  const seconds = (steps: number) => `${name}:${(steps / stepsPerSecond).toFixed(2)}`;
  if (name === "shift-major") return seconds(token * shiftMinor);
  if (name === "shift-minor") return seconds(token);
  if (name === "duration-major") return seconds(token * durationMinor);
  if (name === "duration-minor") return seconds(token + 1);
  return `${name}:${name === "velocity" ? token + 1 : token}`;
}

const masks = fields.map(({ size }) => new Uint8Array(size).fill(1));

/** Whatever stands in its fields, a step is a note: there is nothing to rule out. */
function anyStep(begin: number): GrammarState {
  let field = begin;
  return {
    get field() {
      return field;
    },
    allowed: () => masks[field],
    advance() {
      field = (field + 1) % width;
    },
    copy: () => anyStep(field),
  };
}
