/** @file Reading and encoding the files that no earlier run has dealt with, on several threads. */
import type { PieceRequest } from "../../corpus/piece.ts";
import type { Platform, Source } from "../../platform/platform.ts";
import { forEachConcurrently } from "../../util/concurrency.ts";
import { UserError } from "../../util/errors.ts";
import type { Entry, Journal } from "./journal.ts";
import type { SelectedFile } from "./select.ts";
import { pieceTask } from "./task.ts";

export interface ProcessOptions {
  readonly representation: PieceRequest["representation"];
  /** Fields of a step. */
  readonly fields: number;
  readonly segmentSeconds: number | undefined;
  readonly workers: number;
}

/** No MIDI file is larger, so that a film called .mid is not read. */
const largestFile = 64 * 1024 * 1024;

/** Every file's entry: known ones as they are, the others read, encoded and added to the journal. */
export async function processFiles(
  platform: Platform,
  source: Source,
  files: readonly SelectedFile[],
  known: ReadonlyMap<string, Entry>,
  journal: Journal,
  options: ProcessOptions,
): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  const open: SelectedFile[] = [];
  for (const selected of files) {
    const { path, stamp } = selected.file;
    const entry = [journal.entries.get(path), known.get(path)].find((each) => each?.stamp === stamp);
    if (entry) entries.set(path, entry);
    else open.push(selected);
  }
  let done = files.length - open.length;
  const pool = platform.pool(pieceTask, Math.min(options.workers, open.length));
  try {
    // Twice as many as threads, so that a file is always waiting when a thread is free.
    await forEachConcurrently(open, options.workers * 2, async ({ file }) => {
      const base = { path: file.path, stamp: file.stamp };
      const bytes = await readFile(source, file);
      if (bytes instanceof UserError) {
        // Not remembered: the next run tries it again.
        entries.set(file.path, { kind: "refused", ...base, hash: "", why: bytes.message });
      } else {
        const hash = platform.sha256(bytes);
        const result = await pool.run({
          bytes,
          representation: options.representation,
          segmentSeconds: options.segmentSeconds,
        });
        if (result.kind === "refused") {
          await journal.add({ kind: "refused", ...base, hash, why: result.why });
        } else {
          const { segments, ...facts } = result.facts;
          await journal.add({
            kind: "taken",
            ...base,
            hash,
            facts: {
              ...facts,
              ...(segments && { segments: [...segments] }),
              instruments: [...facts.instruments],
              warnings: [...facts.warnings],
            },
            fields: splitFields(result.tokens, options.fields),
            columns: result.notes,
          });
        }
        const entry = journal.entries.get(file.path);
        if (entry) entries.set(file.path, entry);
      }
      platform.report({ stage: "reading", done: ++done, total: files.length, unit: "files" });
    });
  } finally {
    await pool.close();
  }
  return entries;
}

async function readFile(source: Source, file: SelectedFile["file"]): Promise<Uint8Array | UserError> {
  if (file.size > largestFile)
    return new TooLarge(`found a file of ${file.size} bytes, expected at most ${largestFile}`);
  try {
    return await source.read(file);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

class TooLarge extends UserError {}

function splitFields(tokens: Uint8Array, fields: number): readonly Uint8Array[] {
  const size = tokens.length / fields;
  return Array.from({ length: fields }, (_, field) => tokens.subarray(field * size, (field + 1) * size));
}
