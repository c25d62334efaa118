/** @file What is remembered of a source file between runs: that it was refused, or what it became and where that lies. */
import { z } from "zod";
import { parseJson } from "../../util/json.ts";

const rangeSchema = z.object({ file: z.string(), offset: z.int().min(0), length: z.int().min(0) });

const instrumentSchema = z.object({
  name: z.string(),
  program: z.int(),
  isDrum: z.boolean(),
  channel: z.int(),
});

const factsSchema = z.object({
  length: z.int(),
  segments: z.array(z.int()).readonly().optional(),
  notes: z.int(),
  crossings: z.int(),
  instruments: z.array(instrumentSchema).readonly(),
  seconds: z.number(),
  warnings: z.array(z.string()).readonly(),
  melody: z.string(),
});

/** The file it is about. */
const origin = {
  path: z.string(),
  /** Size and stamp: while they stay, the file counts as unchanged. */
  stamp: z.string(),
  /** Of its bytes; empty where they could not be read. */
  hash: z.string(),
};

const takenSchema = z.object({
  kind: z.literal("taken"),
  ...origin,
  facts: factsSchema,
  /** One range per field. */
  tokens: z.array(rangeSchema).readonly(),
  columns: rangeSchema,
});

const refusedSchema = z.object({ kind: z.literal("refused"), ...origin, why: z.string() });

const entrySchema = z.discriminatedUnion("kind", [takenSchema, refusedSchema]);

export const cacheSchema = z.object({ settings: z.string(), entries: z.array(entrySchema) });

export type Entry = z.output<typeof entrySchema>;
export type TakenEntry = z.output<typeof takenSchema>;
export type RefusedEntry = z.output<typeof refusedSchema>;

/** Bytes of a file. */
export type StoredRange = z.output<typeof rangeSchema>;

/** An entry with its keys in the schema's order, as one read from a file has them: so that runs give the same bytes. */
export const takenEntry = (parts: Omit<TakenEntry, "kind">): TakenEntry =>
  takenSchema.parse({ kind: "taken", ...parts });

/** The entry that a line holds, or undefined where the line is cut off. */
export function parseEntry(line: string): Entry | undefined {
  return entrySchema.safeParse(parseJson(line)).data;
}
