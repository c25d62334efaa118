/** @file `notes`: one step per note, with onset shift, pitch, velocity and duration side by side. */
import { z } from "zod";
import { noPedals, type Performance, performanceOf, piano } from "../music/performance.ts";
import { foldSustain } from "../music/sustain.ts";
import { linearGrid, logarithmicGrid } from "./grid.ts";
import { NoteGrammarState } from "./note-grammar.ts";
import { decodeSteps, describeStep, encodeSteps, type NoteGrids, noteLayout } from "./note-steps.ts";
import { checkFits, defineRepresentation } from "./representation.ts";

/** 64 log-spaced values (shift: 0, then 5 ms to 10 s; duration: 10 ms to 20 s), or 10 ms steps up to 10 s. */
const grids: Readonly<Record<"log" | "linear", NoteGrids>> = {
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
    const layout = noteLayout(grids[grid], false);
    const normalise = (performance: Performance) => (sustain ? foldSustain(performance) : performance);
    return {
      fields: layout.fields,
      normalise,
      encode(performance) {
        checkFits(performance, "notes", programs === "one");
        return encodeSteps(normalise(performance).notes, layout);
      },
      decode(tokens, options) {
        const { notes, duration } = decodeSteps(tokens, layout, options);
        return performanceOf(notes, noPedals, [piano], duration);
      },
      describe: (token, field = 0) => describeStep(token, field, layout),
      grammar: () => new NoteGrammarState(layout),
      timeline: undefined,
    };
  },
});
