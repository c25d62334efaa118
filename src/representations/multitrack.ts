/**
 * @file `multitrack`: several instruments and drums in one stream, one step per note with its program.
 *
 * Onsets stand on the grid of the performance representations, steps of 10 ms up to a second and rests of a second:
 * between players 10 ms are heard, and with several of them a second of silence is rare (docs/decisions/0024).
 *
 * One program may lead: its notes then stand in the stream some seconds before those that sound with them, so that whoever
 * plays along has heard what is coming. That is anticipation (Thickstun et al. 2024), of one track and always the same.
 */
import { z } from "zod";
import { ensembleOf } from "../music/ensemble.ts";
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
import { maximumShift, stepsPerSecond } from "./event-stream.ts";
import { linearGrid, logarithmicGrid } from "./grid.ts";
import { NoteGrammarState } from "./note-grammar.ts";
import { decodeSteps, describeStep, drums, encodeSteps, noteLayout, rest } from "./note-steps.ts";
import { checkFits, defineRepresentation, type Representation } from "./representation.ts";

const layout = noteLayout(
  {
    shift: linearGrid(0, 1 / stepsPerSecond, maximumShift + 1),
    duration: logarithmicGrid(0.01, 20, 64),
  },
  true,
);

export const multitrackRepresentation = defineRepresentation({
  name: "multitrack",
  summary: "One step per note of several instruments and drums: shift, program, pitch, velocity, duration",
  config: z.object({
    sustain: z.boolean().default(true).describe("fold the sustain pedals into durations"),
    lead: z
      .int()
      .min(0)
      .max(127)
      .default(53)
      .describe("program that the others accompany: what a given melody is heard as"),
    ahead: z
      .number()
      .min(0)
      .max(10)
      .refine((seconds) => Number.isInteger(Math.round(seconds * 1e6) / 1e4), "expected a multiple of 0.01 s")
      .default(0)
      .describe(
        "seconds by which notes of that program stand earlier in the stream than what sounds with them",
      ),
  }),
  create: ({ sustain, lead, ahead }) => {
    const normalise = (performance: Performance) => (sustain ? foldSustain(performance) : performance);
    const withLead = (ahead: number): Pick<Representation, "encode" | "decode"> => ({
      encode(performance) {
        checkFits(performance, "multitrack", false);
        const { notes, instruments } = normalise(performance);
        const players = instruments.map(({ program, isDrum }) => (isDrum ? drums : program));
        const programs = Uint8Array.from(notes.instrument, (instrument) => players[instrument]);
        const told = followersMoved({ ...notes, instrument: programs }, lead, ahead);
        return encodeSteps(told, layout, told.instrument);
      },
      decode(tokens, options) {
        const { notes, duration } = decodeSteps(tokens, layout, options);
        return played(followersMoved(notes, lead, -ahead), Math.max(0, duration - ahead));
      },
    });
    return {
      ...withLead(ahead),
      fields: layout.fields,
      normalise,
      describe: (token, field = 0) => describeStep(token, field, layout),
      grammar: () => new NoteGrammarState(layout),
      ensemble: {
        shiftField: 0,
        programField: 1,
        pitchField: layout.pitchField,
        shiftSeconds: layout.grids.shift,
        drums,
        rest,
        lead,
        ahead,
        told: withLead(0),
      },
      timeline: undefined,
    };
  },
});

/**
 * All notes but those of the leading program later by so many seconds, or earlier, as far as there is time before them.
 *
 * @param notes whose instruments are programs
 */
function followersMoved(notes: Notes, lead: number, seconds: number): Notes {
  if (seconds === 0) return notes;
  const by = (i: number) => (notes.instrument[i] === lead ? 0 : Math.max(seconds, -notes.start[i]));
  const moved = (times: Column) => Float64Array.from({ length: notes.count }, (_, i) => times[i] + by(i));
  return notesFromColumns({ ...notes, start: moved(notes.start), end: moved(notes.end) });
}

/** Notes whose instruments are programs, with somebody to play each. */
function played(notes: Notes, duration: number): Performance {
  const used = [...new Set(Uint8Array.from(notes.instrument))].sort((a, b) => a - b);
  const instrument = Uint16Array.from(notes.instrument, (program) => used.indexOf(program));
  const instruments = used.length === 0 ? [piano] : ensembleOf(used.map(playerOf));
  return performanceOf({ ...notes, instrument }, noPedals, instruments, duration);
}

const playerOf = (program: number) => ({ program, isDrum: program === drums });
