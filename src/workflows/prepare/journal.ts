/**
 * @file What is known of each source file, and where its tokens lie: in the journal of an interrupted run, or in the
 * corpus of an earlier one. So a run goes on where another stopped, and reads no file twice.
 */
import { z } from "zod";
import type { Store } from "../../platform/platform.ts";

const rangeSchema = z.object({ file: z.string(), offset: z.int().min(0), length: z.int().min(0) });

const instrumentSchema = z.object({
  name: z.string(),
  program: z.int(),
  isDrum: z.boolean(),
  channel: z.int(),
});

const factsSchema = z.object({
  length: z.int(),
  segments: z.array(z.int()).optional(),
  notes: z.int(),
  crossings: z.int(),
  instruments: z.array(instrumentSchema),
  seconds: z.number(),
  warnings: z.array(z.string()),
  melody: z.string(),
});

const entrySchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("taken"),
    path: z.string(),
    stamp: z.string(),
    hash: z.string(),
    facts: factsSchema,
    /** One range per field. */
    tokens: z.array(rangeSchema),
    columns: rangeSchema,
  }),
  z.object({
    kind: z.literal("refused"),
    path: z.string(),
    stamp: z.string(),
    hash: z.string(),
    why: z.string(),
  }),
]);

export type Entry = z.output<typeof entrySchema>;
export type TakenEntry = Extract<Entry, { kind: "taken" }>;
export type StoredRange = z.output<typeof rangeSchema>;

const cacheSchema = z.object({ settings: z.string(), entries: z.array(entrySchema) });

/** Remembered beside a finished corpus; its ranges are relative to the corpus. */
export const cacheFile = "cache.json";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeCache(settings: string, entries: readonly Entry[]): Uint8Array {
  return encoder.encode(`${JSON.stringify({ settings, entries })}\n`);
}

/** What a finished corpus remembers, if it was made with the same settings. Ranges become paths that can be read. */
export async function readCache(store: Store, corpus: string, settings: string): Promise<readonly Entry[]> {
  const path = `${corpus}/${cacheFile}`;
  if ((await store.stat(path)) === undefined) return [];
  const parsed = cacheSchema.safeParse(parseJson(decoder.decode(await store.read(path))));
  // A cache from other settings or another version is worth nothing, and costs nothing but time.
  if (!parsed.success || parsed.data.settings !== settings) return [];
  const locate = (range: StoredRange) => ({ ...range, file: `${corpus}/${range.file}` });
  return parsed.data.entries.map((entry) =>
    entry.kind === "refused"
      ? entry
      : { ...entry, tokens: entry.tokens.map(locate), columns: locate(entry.columns) },
  );
}

/** The journal of a run: finished pieces, appended as they come, in a folder beside the corpus to be. */
export interface Journal {
  readonly entries: ReadonlyMap<string, Entry>;
  /** Appends a piece with its bytes, or a refusal. */
  add(entry: NewEntry): Promise<void>;
  /** Forgets all, when the corpus is whole. */
  remove(): Promise<void>;
}

export type NewEntry =
  | {
      readonly kind: "taken";
      readonly path: string;
      readonly stamp: string;
      readonly hash: string;
      readonly facts: TakenEntry["facts"];
      readonly fields: readonly Uint8Array[];
      readonly columns: Uint8Array;
    }
  | Extract<Entry, { kind: "refused" }>;

/** Opens the journal at a folder; one with other settings, or cut off, is begun anew where it is of no use. */
export async function openJournal(store: Store, folder: string, settings: string): Promise<Journal> {
  const lines = `${folder}/journal.jsonl`;
  const blob = `${folder}/pieces.bin`;
  const entries = new Map<string, Entry>();
  let size = (await store.stat(blob))?.size ?? 0;
  const text = (await store.stat(lines)) === undefined ? "" : decoder.decode(await store.read(lines));
  const [header, ...rest] = text.split("\n");
  if (header === settings) {
    for (const line of rest) {
      // The last line of a killed run may be cut off; its piece is read again.
      const parsed = entrySchema.safeParse(parseJson(line));
      if (!parsed.success) continue;
      const entry = parsed.data;
      if (entry.kind === "taken" && entry.columns.offset + entry.columns.length > size) continue;
      entries.set(entry.path, entry);
    }
    // A fresh line, in case the last one was cut off.
    await store.append(lines, encoder.encode("\n"));
  } else {
    await store.remove(folder);
    size = 0;
    await store.append(lines, encoder.encode(`${settings}\n`));
  }
  let chain = Promise.resolve();
  const append = async (entry: NewEntry) => {
    const stored = entry.kind === "refused" ? entry : await appendPiece(entry);
    await store.append(lines, encoder.encode(`${JSON.stringify(stored)}\n`));
    entries.set(stored.path, stored);
  };
  const appendPiece = async ({
    fields,
    columns,
    ...known
  }: Extract<NewEntry, { kind: "taken" }>): Promise<Entry> => {
    const parts = [...fields, columns];
    const ranges = parts.map((part) => {
      const range = { file: blob, offset: size, length: part.length };
      size += part.length;
      return range;
    });
    await store.append(blob, joinBytes(parts));
    return { ...known, tokens: ranges.slice(0, -1), columns: ranges[ranges.length - 1] };
  };
  return {
    entries,
    add(entry) {
      // One at a time: offsets depend on what was appended before.
      chain = chain.then(() => append(entry));
      return chain;
    },
    remove: () => store.remove(folder),
  };
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
