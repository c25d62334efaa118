/** @file What is in a folder or an archive of MIDI files: each of them, and all together. */
import { CorpusError } from "../../corpus/index.ts";
import type { FoundFile, Platform, Source } from "../../platform/platform.ts";
import { forEachConcurrently } from "../../util/concurrency.ts";
import { UserError } from "../../util/errors.ts";
import { selectFiles } from "../prepare/select.ts";
import { type JointMusic, joinMusic } from "./joint.ts";
import { type Described, describeTask } from "./task.ts";

export interface Work {
  readonly composer: string;
  readonly title: string;
}

export type ListedFile = {
  readonly path: string;
  /** What a table beside the files says; null without one. */
  readonly work: Work | null;
} & (
  | {
      readonly notes: number;
      readonly seconds: number;
      readonly notesPerSecond: number;
      /** Share of the time in which the sustain pedal is down; null where it is never touched. */
      readonly pedal: number | null;
      readonly key: string | null;
      readonly warnings: number;
    }
  | { readonly refused: string }
);

export interface FolderFacts {
  readonly path: string;
  readonly files: readonly ListedFile[];
  /** Files that are no MIDI files by their names. */
  readonly otherFiles: number;
  readonly refused: number;
  readonly warnings: number;
  /** Files that the table beside them lists and that are not there; null without a table. */
  readonly missing: number | null;
  /** Why the table beside the files was not read; empty if it was, or if there is none. */
  readonly tableFault: string;
  readonly total: JointMusic;
}

export interface FolderInspection {
  readonly kind: "folder";
  readonly facts: FolderFacts;
}

const isMidi = (path: string) => /\.(midi?|kar|rmi)(\.gz)?$/i.test(path);
/** No MIDI file is larger, so that a film called .mid is not read. */
const largestFile = 64 * 1024 * 1024;

/** @throws CorpusError where there is no MIDI file. */
export async function inspectFolder(platform: Platform, path: string): Promise<FolderInspection> {
  const source = await platform.open(path);
  try {
    const files = source.files.filter((file) => isMidi(file.path));
    if (files.length === 0) {
      throw new CorpusError(
        `found no MIDI file among ${source.files.length} files in ${path}, expected .mid, .midi, .kar or .rmi: check the path`,
      );
    }
    const described = await describeAll(platform, source, files);
    const table = await readTable(source, path);
    const listed = files.map((file, index) => ({
      path: file.path,
      work: table.works.get(file.path) ?? null,
      ...listFile(described[index]),
    }));
    const music = described.flatMap((each) => (each.kind === "read" ? [each.music] : []));
    return {
      kind: "folder",
      facts: {
        path,
        files: listed,
        otherFiles: source.files.length - files.length,
        refused: files.length - music.length,
        warnings: described.reduce((sum, each) => sum + (each.kind === "read" ? each.warnings : 0), 0),
        missing: table.missing,
        tableFault: table.fault,
        total: joinMusic(music),
      },
    };
  } finally {
    await source.close();
  }
}

async function describeAll(
  { pool: openPool, cores, report }: Platform,
  source: Source,
  files: readonly FoundFile[],
): Promise<readonly Described[]> {
  const described: Described[] = [];
  const workers = Math.min(cores, files.length);
  const pool = openPool(describeTask, workers);
  let done = 0;
  try {
    // Twice as many as threads, so that a file is always waiting when a thread is free.
    await forEachConcurrently(files, workers * 2, async (file, index) => {
      const bytes = await readBytes(source, file);
      described[index] =
        bytes instanceof UserError ? { kind: "refused", why: bytes.message } : await pool.run(bytes);
      report({ stage: "reading", done: ++done, total: files.length, unit: "files" });
    });
  } finally {
    await pool.close();
  }
  return described;
}

/** A file that cannot be read is told in its line; the others go on. */
async function readBytes(source: Source, file: FoundFile): Promise<Uint8Array | UserError> {
  if (file.size > largestFile) {
    return new CorpusError(`found a file of ${file.size} bytes, expected at most ${largestFile}`);
  }
  try {
    return await source.read(file);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** Composers and titles by path, from a data set's table. A damaged table is told, and the files go without. */
async function readTable(
  source: Source,
  path: string,
): Promise<{
  readonly works: ReadonlyMap<string, Work>;
  readonly missing: number | null;
  readonly fault: string;
}> {
  try {
    const { files, table, missing } = await selectFiles(source, path);
    if (table === undefined) return { works: new Map(), missing: null, fault: "" };
    // A table about something else than composers has nothing better to say than the file's name.
    const isNamed = table.rows.some(({ composer }) => composer !== "");
    const works = files.map(({ file, composer, title }) => [file.path, { composer, title }] as const);
    return { works: new Map(isNamed ? works : []), missing: missing.length, fault: "" };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { works: new Map(), missing: null, fault: error.message };
  }
}

function listFile(described: Described) {
  if (described.kind === "refused") return { refused: described.why };
  const { music, warnings } = described;
  const { sustain } = music.pedals;
  return {
    notes: music.notes,
    seconds: music.duration,
    notesPerSecond: music.notesPerSecond,
    pedal: sustain.movements > 0 ? sustain.downShare : null,
    key: music.key?.name ?? null,
    warnings,
  };
}
