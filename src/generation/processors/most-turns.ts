/**
 * @file No going round in circles: the same row of pitches is not struck more than so many times running. What would close one
 * circle too many is ruled out, and the model finds its way on from there; trills and tremolos up to that length are left alone.
 */
import { z } from "zod";
import type { Past } from "../past.ts";
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
    /** So many pitches in a row that are those a row before close one circle too many. */
    const tooMany = turns * length;
    const wanted = tooMany + length;
    const before = new Int16Array(wanted + onset.length);
    const chord = new Int16Array(onset.length);
    return {
      apply(logits, past) {
        const [held, heard] = look(past);
        if (heard + held + 1 < wanted || !goesRound(before, tooMany - held - 1, length)) return;
        const isNext = (token: number) => onset[token] >= 0 && closes(held, heard, onset[token]);
        const allowed = Array.from(
          logits,
          (logit, token) => logit > Number.NEGATIVE_INFINITY && !isNext(token),
        );
        if (!allowed.includes(true)) return;
        for (const [token, isAllowed] of allowed.entries()) {
          if (!isAllowed) logits[token] = Number.NEGATIVE_INFINITY;
        }
      },
    };

    /** Fills `chord` and, before it, `before`, the last first; of a chord from the highest down, however it was drawn. */
    function look(past: Past): readonly [held: number, heard: number] {
      let [row, count, first, held] = [chord, 0, 0, 0];
      for (let by = 0; by < past.length && count < row.length; by++) {
        const token = past.back(by);
        if (steps[token] > 0) {
          if (row === chord) [row, held, count] = [before, count, 0];
          else if (count >= wanted) break;
          first = count;
        }
        if (onset[token] < 0) continue;
        let at = count++;
        for (; at > first && row[at - 1] < onset[token]; at--) row[at] = row[at - 1];
        row[at] = onset[token];
      }
      return row === chord ? [count, 0] : [held, count];
    }

    /** Whether a pitch beside those of the chord makes the row go round once too often. */
    function closes(held: number, heard: number, pitch: number): boolean {
      const now = [...chord.subarray(0, held), pitch].sort((a, b) => b - a);
      const all = [...now, ...before.subarray(0, heard)];
      let same = 0;
      for (let i = 0; i + length < all.length; i++) {
        same = all[i] === all[i + length] ? same + 1 : 0;
        if (same >= tooMany) return true;
        if (same === 0 && i > held) return false;
      }
      return false;
    }
  },
});

/** Whether the first `count` pitches are those a row further on. */
function goesRound(pitches: Int16Array, count: number, length: number): boolean {
  for (let i = 0; i < count; i++) if (pitches[i] !== pitches[i + length]) return false;
  return true;
}
