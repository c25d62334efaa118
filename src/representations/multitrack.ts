/**
 * @file `multitrack`: several instruments and drums in one stream, one step per note with its program.
 *
 * Onsets stand on the grid of the performance representations, steps of 10 ms up to a second and rests of a second:
 * between players 10 ms are heard, and with several of them a second of silence is rare (docs/decisions/0024).
 */
import { z } from "zod";
import { ensembleOf } from "../music/ensemble.ts";
import { noPedals, type Performance, performanceOf, piano } from "../music/performance.ts";
import { foldSustain } from "../music/sustain.ts";
import { maximumShift, stepsPerSecond } from "./event-stream.ts";
import { linearGrid, logarithmicGrid } from "./grid.ts";
import { NoteGrammarState } from "./note-grammar.ts";
import { decodeSteps, describeStep, drums, encodeSteps, noteLayout } from "./note-steps.ts";
import { checkFits, defineRepresentation } from "./representation.ts";

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
  }),
  create: ({ sustain }) => {
    const normalise = (performance: Performance) => (sustain ? foldSustain(performance) : performance);
    return {
      fields: layout.fields,
      normalise,
      encode(performance) {
        checkFits(performance, "multitrack", false);
        const { notes, instruments } = normalise(performance);
        const programs = instruments.map(({ program, isDrum }) => (isDrum ? drums : program));
        return encodeSteps(
          notes,
          layout,
          Uint8Array.from(notes.instrument, (instrument) => programs[instrument]),
        );
      },
      decode(tokens, options) {
        const { notes, duration } = decodeSteps(tokens, layout, options);
        const used = [...new Set(Uint8Array.from(notes.instrument))].sort((a, b) => a - b);
        const instrument = Uint16Array.from(notes.instrument, (program) => used.indexOf(program));
        const instruments = used.length === 0 ? [piano] : ensembleOf(used.map(playerOf));
        return performanceOf({ ...notes, instrument }, noPedals, instruments, duration);
      },
      describe: (token, field = 0) => describeStep(token, field, layout),
      grammar: () => new NoteGrammarState(layout),
      timeline: undefined,
    };
  },
});

const playerOf = (program: number) => ({ program, isDrum: program === drums });
