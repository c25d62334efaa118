/** @file Whether music stays in a key for a while: how often a stretch is in the key of the stretch before. */
import { z } from "zod";
import { estimateKey, excerptOf } from "../music/index.ts";
import { defineMetric } from "./metric.ts";
import { value } from "./values.ts";

export const keyStability = defineMetric({
  name: "key-stability",
  summary:
    "Share of the stretches that are in the same key as the stretch before, keys by Krumhansl's profiles",
  invariances: ["transposition", "tempo", "loudness", "delay"],
  config: z.object({
    notes: z.int().min(8).default(64).describe("notes of a stretch"),
  }),
  create: ({ notes: size }) =>
    value("share", (excerpt) => {
      const keys = Array.from(
        { length: Math.floor(excerpt.notes.count / size) },
        (_, i) => estimateKey(excerptOf(excerpt, i * size, size))?.name,
      );
      const stays = keys.slice(1).filter((key, i) => key !== undefined && key === keys[i]);
      return keys.length > 1 ? stays.length / (keys.length - 1) : 0;
    }),
});
