/** @file How much of a pattern there is at all: what a compressor that has never heard music needs for a note. */
import { z } from "zod";
import type { Column } from "../music/index.ts";
import { defineMetric } from "./metric.ts";
import { intervalsOf, pitchedNotes } from "./notes.ts";
import { value } from "./values.ts";

export const compression = defineMetric({
  name: "compression",
  summary: "Bits per note that the intervals from note to note take, by Lempel and Ziv's phrases",
  invariances: ["transposition", "tempo", "loudness", "delay"],
  config: z.object({}),
  create: () =>
    value("bits/note", (excerpt) => {
      const intervals = intervalsOf(pitchedNotes(excerpt));
      const phrases = phrasesOf(intervals);
      return phrases > 1 ? (phrases * Math.log2(phrases)) / intervals.length : 0;
    }),
});

/**
 * Into how many phrases LZ78 cuts a row (Ziv and Lempel 1978): each is the longest that came before and one symbol more.
 * c phrases take about c · log2 c bits.
 */
function phrasesOf(row: Column): number {
  const known = new Map<string, number>();
  let phrases = 0;
  let phrase = 0;
  for (let i = 0; i < row.length; i++) {
    const longer = known.get(`${phrase} ${row[i]}`);
    if (longer !== undefined && i < row.length - 1) {
      phrase = longer;
      continue;
    }
    phrases++;
    known.set(`${phrase} ${row[i]}`, phrases);
    phrase = 0;
  }
  return phrases;
}
