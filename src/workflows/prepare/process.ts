/** @file Reading and encoding the files that no earlier run has dealt with, on several threads. */
import type { PieceRequest } from "../../corpus/piece.ts";
import { largestMidiFile } from "../../midi/index.ts";
import type { FoundFile, Platform, Pool, Source } from "../../platform/platform.ts";
import { forEachConcurrently } from "../../util/concurrency.ts";
import { UserError } from "../../util/errors.ts";
import type { Entry } from "./entry.ts";
import type { Journal } from "./journal.ts";
import { pieceTask } from "./task.ts";

export interface ProcessOptions {
  readonly representation: PieceRequest["representation"];
  /** Fields of a step. */
  readonly fields: number;
  readonly segmentSeconds: number | undefined;
  readonly programs: NonNullable<PieceRequest["programs"]>;
  /** Default: all cores, if there is work for them. */
  readonly workers: number | undefined;
}

/** Below so many bytes of MIDI a thread starts longer than it works. */
const bytesPerThread = 4 * 1024 * 1024;

/** Every file's entry by path: what is `known` of unchanged files, and of the others what has been made of them now. */
export async function processFiles(
  platform: Platform,
  source: Source,
  files: readonly FoundFile[],
  known: ReadonlyMap<string, Entry>,
  journal: Journal,
  options: ProcessOptions,
): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  const open: FoundFile[] = [];
  for (const file of files) {
    const entry = [known, journal.entries].map((each) => each.get(file.path)).find(isOf(file));
    if (entry) entries.set(file.path, entry);
    else open.push(file);
  }
  let done = files.length - open.length;
  const bytes = open.reduce((sum, file) => sum + file.size, 0);
  const workers = options.workers ?? Math.min(platform.cores, Math.ceil(bytes / bytesPerThread));
  const pool = platform.pool(pieceTask, Math.min(workers, open.length));
  try {
    // More at once than there are threads: while these encode, others are read and written.
    await forEachConcurrently(open, workers * 2 + 4, async (file) => {
      entries.set(file.path, await processFile(platform, source, file, pool, journal, options));
      platform.report({ stage: "reading", done: ++done, total: files.length, unit: "files" });
    });
  } finally {
    await pool.close();
  }
  return entries;
}

/** Both, for a clock may tick slowly, and an archive may be unpacked with the times of another. */
const stampOf = (file: FoundFile) => `${file.size} ${file.stamp}`;

const isOf = (file: FoundFile) => (entry: Entry | undefined) => entry?.stamp === stampOf(file);

async function processFile(
  platform: Platform,
  source: Source,
  file: FoundFile,
  pool: Pool<PieceRequest, ReturnType<typeof pieceTask.run>>,
  journal: Journal,
  { representation, fields, segmentSeconds, programs }: ProcessOptions,
): Promise<Entry> {
  const origin = { path: file.path, stamp: stampOf(file) };
  const bytes = await readFile(source, file);
  // Not written down: the next run tries it again.
  if (typeof bytes === "string") return { kind: "refused", ...origin, hash: "", why: bytes };
  const hash = platform.sha256(bytes);
  const result = await pool.run({ bytes, representation, segmentSeconds, programs });
  if (result.kind === "refused") {
    return journal.addRefusal({ kind: "refused", ...origin, hash, why: result.why });
  }
  return journal.addPiece({
    ...origin,
    hash,
    facts: result.facts,
    fields: splitFields(result.tokens, fields),
    columns: result.notes,
  });
}

/** The file's bytes, or why it cannot be read. */
async function readFile(source: Source, file: FoundFile): Promise<Uint8Array | string> {
  if (file.size > largestMidiFile) {
    return `found ${file.size} bytes, expected a MIDI file of at most ${largestMidiFile}: take it out of the folder`;
  }
  try {
    return await source.read(file);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

function splitFields(tokens: Uint8Array, fields: number): readonly Uint8Array[] {
  const size = tokens.length / fields;
  return Array.from({ length: fields }, (_, field) => tokens.subarray(field * size, (field + 1) * size));
}
