/**
 * @file The command that makes a piece again, as it is written into the file. It holds what the music depends on, whatever else
 * was typed: so the same seed gives the same bytes, whatever the name of the file and the number of pieces side by side.
 */
import { z } from "zod";
import { kebab } from "../../util/text.ts";
import { adjustmentOptions } from "../render/adjust.ts";
import { musicSchema } from "./music-options.ts";
import { type GenerateOptions, generateSchema } from "./options.ts";

/** In this order. */
const told: readonly string[] = [
  "primer",
  "primerPitches",
  "seedNotes",
  "primerMelody",
  "accompany",
  "accompanyTrack",
  "programs",
  "like",
  ...Object.keys(musicSchema.shape).filter((key) => key !== "threads"),
  "device",
  ...Object.keys(adjustmentOptions),
];

/** Quoted where a shell would take it for something else. */
const quoted = (text: string) => (/^[\w./:@%+,-]+$/.test(text) ? text : JSON.stringify(text));

const propertiesSchema = z.object({
  properties: z.record(z.string(), z.object({ default: z.unknown().optional() })),
});

export function commandOf(model: string, seed: string, options: GenerateOptions): string {
  const { properties } = propertiesSchema.parse(z.toJSONSchema(generateSchema, { io: "input" }));
  const values = new Map<string, unknown>(Object.entries(options));
  const words = told.flatMap((key) => {
    const value = values.get(key);
    if (value === undefined || value === properties[key]?.default) return [];
    if (value === true) return [`--${kebab(key)}`];
    return value === false ? [`--no-${kebab(key)}`] : [`--${kebab(key)} ${quoted(String(value))}`];
  });
  const count = options.samples > 1 ? [`--samples ${options.samples}`] : [];
  return [`rubato generate --model ${quoted(model)} --seed ${seed}`, ...count, ...words].join(" ");
}
