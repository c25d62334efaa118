/**
 * @file `melody`: one voice, a note after the other, each as the step from the onset before to its own, its pitch, and its
 * duration. Times are whole steps of 10 ms, so that a melody can be foretold as numbers as well as by classes.
 *
 * Of music in several voices the top line is taken, or the bottom one (line.ts). A note is cut where the next one begins:
 * no two sound at once, whatever the tokens. A silence beyond five seconds is shortened to that (docs/decisions/0028).
 */
import { z } from "zod";
import { type Column, noPedals, notesFromColumns, performanceOf, piano } from "../music/performance.ts";
import { stepsPerSecond, toStep } from "./event-stream.ts";
import { lineOf, shortestStep } from "./line.ts";
import { checkFits, type DecodeOptions, defineRepresentation, type GrammarState } from "./representation.ts";

/** Steps of the longest step and of the longest note: 5 s. */
const longest = 5 * stepsPerSecond;
const [stepField, pitchField, durationField] = [0, 1, 2] as const;

const fields = [
  { name: "step", size: longest + 1 },
  { name: "pitch", size: 128 },
  { name: "duration", size: longest + 1 },
] as const;

export const melodyRepresentation = defineRepresentation({
  name: "melody",
  summary: "One voice: step from the onset before, pitch, and duration of each note, in units of 10 ms",
  config: z.object({
    voice: z
      .enum(["top", "bottom"])
      .default("top")
      .describe("the line that is kept of music in several voices"),
    velocity: z.int().min(1).max(127).default(80).describe("how loud decoded notes are"),
    programs: z
      .enum(["one", "merge"])
      .default("one")
      .describe("refuse music of several programs, or merge them into one instrument"),
  }),
  create: ({ voice, velocity, programs }) => ({
    fields,
    normalise(performance) {
      const { notes, instruments, duration } = performance;
      return performanceOf(lineOf(performance, voice, notes), noPedals, instruments, duration);
    },
    encode(performance) {
      checkFits(performance, "melody", programs === "one");
      const { count, start, end, pitch } = lineOf(performance, voice, performance.notes);
      const tokens = new Int32Array(count * fields.length);
      let before = 0;
      for (let i = 0; i < count; i++) {
        const onset = toStep(start[i]);
        tokens[i * fields.length + pitchField] = pitch[i];
        tokens[i * fields.length + stepField] = Math.min(longest, onset - before);
        const length = Math.max(1, toStep(end[i]) - onset);
        tokens[i * fields.length + durationField] = Math.min(longest, length);
        before = onset;
      }
      return tokens;
    },
    decode: (tokens, options) => decodeMelody(tokens, velocity, options),
    describe(token, field = 0) {
      const name = fields[field]?.name;
      if (name === undefined || !(token >= 0 && token < fields[field].size)) return `unknown:${token}`;
      return `${name}:${name === "pitch" ? token : (token / stepsPerSecond).toFixed(2)}`;
    },
    grammar: () => new MelodyGrammarState(),
    timeline: undefined,
  }),
});

function decodeMelody(
  tokens: Column,
  velocity: number,
  { maximumNoteSeconds = Number.POSITIVE_INFINITY }: DecodeOptions = {},
) {
  // A last note that is not whole is left out.
  const count = Math.floor(tokens.length / fields.length);
  const [start, end, pitch] = [new Float64Array(count), new Float64Array(count), new Uint8Array(count)];
  let kept = 0;
  let clock = 0;
  for (let i = 0; i < count; i++) {
    const note = fields.map((_, field) => tokens[i * fields.length + field]);
    if (!note.every((token, field) => token >= 0 && token < fields[field].size)) continue;
    clock += note[stepField];
    if (note[durationField] === 0) continue;
    const onset = clock / stepsPerSecond;
    if (kept > 0) end[kept - 1] = Math.min(end[kept - 1], onset);
    // One that the next leaves no time is none.
    if (kept > 0 && end[kept - 1] <= start[kept - 1]) kept--;
    pitch[kept] = note[pitchField];
    start[kept] = onset;
    end[kept] = Math.min((clock + note[durationField]) / stepsPerSecond, onset + maximumNoteSeconds);
    kept++;
  }
  const notes = notesFromColumns({
    start: start.subarray(0, kept),
    end: end.subarray(0, kept),
    pitch: pitch.subarray(0, kept),
    velocity: new Uint8Array(kept).fill(velocity),
    instrument: new Uint16Array(kept),
  });
  return performanceOf(notes, noPedals, [piano]);
}

const anything = new Uint8Array(128).fill(1);
const someTime = new Uint8Array(longest + 1).fill(1, 1);

/**
 * Any pitch, a duration above nothing, and after the first note a step no shorter than notes are apart, nor than the note
 * before: then what a model hears of a note is what is heard of it in the end, and one voice is one voice.
 */
class MelodyGrammarState implements GrammarState {
  readonly #steps = new Uint8Array(longest + 1);
  #field = 0;
  /** Of the step to come: 0 for the first note, which may begin at any time. */
  #least = 0;

  get field(): number {
    return this.#field;
  }

  allowed(): Uint8Array {
    if (this.#field === durationField) return someTime;
    if (this.#field === pitchField) return anything;
    return this.#steps.fill(0).fill(1, this.#least);
  }

  advance(token: number): void {
    if (this.#field === durationField) this.#least = Math.min(longest, Math.max(shortestStep, token));
    this.#field = (this.#field + 1) % fields.length;
  }

  copy(): MelodyGrammarState {
    const twin = new MelodyGrammarState();
    twin.#field = this.#field;
    twin.#least = this.#least;
    return twin;
  }
}
