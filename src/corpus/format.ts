/** @file The corpus on disk: the schema of `index.json`, at the door through which a corpus comes in. */
import { z } from "zod";
import { parseJson } from "../util/json.ts";
import { CorpusError } from "./error.ts";
import { splitNames } from "./table.ts";

export const corpusFormat = "rubato-corpus";
/** Raised when readers of an older version would misread; a reader knows the way up from all older ones. */
export const corpusVersion = 1;

const count = z.int().min(0);

const instrumentSchema = z.object({
  name: z.string(),
  program: z.int().min(0).max(127),
  isDrum: z.boolean(),
  channel: count,
});

const pieceSchema = z.object({
  source: z.string().describe("path of the MIDI file, relative to what was prepared"),
  label: z.string().describe("sub-folders it lay in"),
  composer: z.string(),
  title: z.string(),
  split: z.enum(splitNames),
  shard: count,
  offset: count.describe("steps from the start of the shard"),
  length: count.describe("steps"),
  segments: z.array(count).optional().describe("steps of each segment, for corpora cut into segments"),
  notesOffset: count.describe("bytes from the start of the shard's note columns"),
  notes: count,
  crossings: count.describe("pedal crossings kept beside the notes"),
  instruments: z.array(instrumentSchema),
  seconds: z.number().min(0),
  warnings: count.describe("how many; their text is in report.json"),
  hash: z.string().describe("SHA-256 of the file's bytes"),
});

const totalsSchema = z.object({
  pieces: count,
  notes: count,
  seconds: z.number(),
  steps: count,
  tokens: count,
});

export const indexSchema = z.object({
  format: z.literal(corpusFormat),
  version: z.literal(corpusVersion),
  name: z.string(),
  representation: z.object({ name: z.string(), config: z.record(z.string(), z.unknown()) }),
  fields: z.array(z.object({ name: z.string(), size: z.int().min(1).max(65536) })).min(1),
  segmentSeconds: z.number().positive().nullable(),
  split: z.union([
    z.object({ by: z.literal("table"), table: z.string() }),
    z.object({ by: z.literal("composition"), share: z.number(), seed: z.int() }),
    z
      .object({ by: z.literal("sources"), tables: z.array(z.string()), share: z.number(), seed: z.int() })
      .describe("several sources: as their tables have it, and the others by composition"),
  ]),
  shards: z.partialRecord(z.enum(splitNames), z.array(z.object({ steps: count, noteBytes: count }))),
  totals: z.partialRecord(z.enum(splitNames), totalsSchema),
  pieces: z.array(pieceSchema),
});

export type CorpusIndex = z.output<typeof indexSchema>;
export type CorpusPiece = z.output<typeof pieceSchema>;
export type SplitTotals = z.output<typeof totalsSchema>;

const versionSchema = z.object({ format: z.literal(corpusFormat), version: z.int() });

/** Whether a text is the index of a corpus of any version, damaged or not: such a folder may be replaced. */
export function isCorpusIndex(text: string): boolean {
  return z.object({ format: z.literal(corpusFormat) }).safeParse(parseJson(text)).success;
}

/**
 * The index of a corpus, checked.
 *
 * @throws CorpusError where it is not one, or of a version this program does not know.
 */
export function parseIndex(text: string, path: string): CorpusIndex {
  const json = parseJson(text);
  if (json === undefined) {
    throw new CorpusError(
      `found ${path} that is not JSON, expected a corpus index: prepare the corpus again`,
    );
  }
  const header = versionSchema.safeParse(json);
  if (!header.success) {
    throw new CorpusError(
      `found ${path} that is no corpus index, expected a folder made by \`rubato prepare\``,
    );
  }
  if (header.data.version !== corpusVersion) {
    throw new CorpusError(
      `found corpus version ${header.data.version} in ${path}, expected ${corpusVersion}: ` +
        "prepare the corpus again, or use the version of Rubato that made it",
    );
  }
  const parsed = indexSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CorpusError(
    `found a damaged corpus index ${path} at ${issue.path.join(".")}: ${issue.message}; prepare the corpus again`,
  );
}

const number = (shard: number) => String(shard).padStart(5, "0");

/** `train-00000.bin`, or `train-pitch-00000.bin` where a step has several fields. */
export function tokenFile(
  index: Pick<CorpusIndex, "fields">,
  split: string,
  field: number,
  shard: number,
): string {
  const name = index.fields.length === 1 ? "" : `${index.fields[field].name}-`;
  return `${split}-${name}${number(shard)}.bin`;
}

/** `train-columns-00000.bin`: the note columns. */
export function columnsFile(split: string, shard: number): string {
  return `${split}-columns-${number(shard)}.bin`;
}
