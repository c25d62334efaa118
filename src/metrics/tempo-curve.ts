/** @file Whether tempo bends or breaks: how much the pace changes from some moments to the next. */
import { z } from "zod";
import { meanOf } from "../util/statistics.ts";
import { defineMetric } from "./metric.ts";
import { momentsOf } from "./notes.ts";
import { value } from "./values.ts";

export const tempoCurve = defineMetric({
  name: "tempo-curve",
  summary: "Change of pace from eight moments to the next eight, in octaves of tempo: 0 for a machine",
  invariances: ["transposition", "loudness", "delay"],
  config: z.object({
    moments: z.int().min(2).default(8).describe("onsets, chords counted once, over which pace is taken"),
  }),
  create: ({ moments: size }) =>
    value("octaves", ({ notes }) => {
      const moments = momentsOf(notes);
      const paces: number[] = [];
      for (let i = size; i < moments.length; i += size) paces.push(Math.log2(moments[i] - moments[i - size]));
      const changes = paces.slice(1).map((pace, i) => Math.abs(pace - paces[i]));
      return meanOf(changes);
    }),
});
