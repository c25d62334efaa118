/**
 * @file No going round in circles: the same row of pitches is not struck more than so many times running. What would close one
 * circle too many is ruled out, and the model finds its way on from there; trills and tremolos up to that length are left alone.
 */
import { z } from "zod";
import { longestLookBack } from "../past.ts";
import { defineProcessor } from "./processor.ts";

export const mostTurns = defineProcessor({
  name: "most-turns",
  summary: "rules out the pitch that would strike the same row of pitches once too often",
  config: z.object({
    turns: z
      .int()
      .min(1)
      .default(4)
      .describe("how often the row may be heard, one time right after the other"),
    length: z.int().min(1).max(64).default(8).describe("pitches of a row"),
  }),
  truncates: false,
  create({ turns, length }, { onset, steps }) {
    const wanted = (turns + 1) * length - 1;
    /** Those struck last, the last first; of a chord from the highest down, however it was drawn. */
    const pitches = new Int16Array(wanted);
    return {
      apply(logits, past) {
        let [count, chord] = [0, 0];
        for (let by = 0; by < Math.min(past.length, longestLookBack) && count < wanted; by++) {
          const token = past.back(by);
          if (steps[token] > 0) chord = count;
          if (onset[token] < 0) continue;
          let at = count++;
          for (; at > chord && pitches[at - 1] < onset[token]; at--) pitches[at] = pitches[at - 1];
          pitches[at] = onset[token];
        }
        if (count < wanted) return;
        for (let i = 0; i + length < wanted; i++) if (pitches[i] !== pitches[i + length]) return;
        const next = pitches[length - 1];
        const isNext = (token: number) => onset[token] === next;
        if (!logits.some((logit, token) => logit > Number.NEGATIVE_INFINITY && !isNext(token))) return;
        for (let token = 0; token < logits.length; token++) {
          if (isNext(token)) logits[token] = Number.NEGATIVE_INFINITY;
        }
      },
    };
  },
});
