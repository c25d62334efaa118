/**
 * @file `prepare`: a folder or archive of MIDI files becomes a corpus. Interrupted and run again it goes on where it
 * was; the corpus takes its name only when it is whole; and its bytes do not depend on the number of workers.
 */
import { CorpusError } from "../../corpus/error.ts";
import { corpusVersion, parseIndex } from "../../corpus/format.ts";
import type { Platform } from "../../platform/platform.ts";
import { openRepresentation } from "../../representations/index.ts";
import { UsageError } from "../../util/errors.ts";
import { assembleCorpus } from "./assemble.ts";
import { downloadMaestro } from "./download.ts";
import { type Entry, openJournal, readCache } from "./journal.ts";
import { type PrepareInput, type PrepareOptions, prepareSchema } from "./options.ts";
import { planCorpus, type TakenFile } from "./plan.ts";
import { processFiles } from "./process.ts";
import { createReport, formatReport, type PrepareReport } from "./report.ts";
import { filterComposers, type SelectedFile, type Selection, selectFiles } from "./select.ts";

/** What `prepare` asks of the settings that decide a piece's bytes; part of every journal and cache. */
const pieceVersion = 1;

export interface Prepared {
  readonly out: string;
  readonly report: PrepareReport;
  /** False where the corpus was there already, the same to the byte. */
  readonly written: boolean;
}

/**
 * Makes a corpus.
 *
 * @throws CorpusError, UsageError, ConfigError or StorageError, each in one sentence; nothing half-written stays
 * under the final name.
 */
export async function prepare(platform: Platform, input: PrepareInput): Promise<Prepared> {
  const options = prepareSchema.parse(input);
  const representation = openRepresentation(options.representation, representationConfig(options.set));
  const path = await sourcePath(platform, options);
  const out = options.out ?? `corpora/${nameOf(path)}`;
  await checkOut(platform, out);
  const source = await platform.open(path);
  try {
    const selection = await selectFiles(source, path);
    const files = filterComposers(selection.files, options.composer).slice(0, options.limit);
    const settings = JSON.stringify({
      pieceVersion,
      corpusVersion,
      representation: { name: representation.name, config: representation.config },
      segmentSeconds: options.segments ?? null,
    });
    const journal = await openJournal(platform.store, `${out}.partial`, settings);
    const cache = await readCache(platform.store, out, settings);
    const known = new Map(cache.map((entry) => [entry.path, entry]));
    const entries = await processFiles(platform, source, files, known, journal, {
      representation: { name: representation.name, config: representation.config },
      fields: representation.fields.length,
      segmentSeconds: options.segments,
      workers: options.workers ?? platform.cores,
    });
    const { taken, refused, others } = sortEntries(files, entries);
    if (taken.length === 0) {
      const why = refused[0] ? `; the first, ${refused[0].source}: ${refused[0].why}` : "";
      throw new CorpusError(`found ${files.length} MIDI files in ${path} and could use none of them${why}`);
    }
    const { index, pieces } = planCorpus(taken, {
      name: nameOf(path),
      representation,
      segmentSeconds: options.segments,
      share: options.split,
      seed: options.seed,
      table: selection.table,
    });
    const listed = options.composer.length === 0 && options.limit === undefined;
    const unlisted = listed ? selection.unlisted.map((file) => unlistedFile(file, selection)) : [];
    const report = createReport(index, pieces, [...refused, ...unlisted], listed ? selection.missing : []);
    const indexText = `${JSON.stringify(index, null, 1)}\n`;
    const reportText = `${JSON.stringify(report, null, 1)}\n`;
    const isThere =
      journal.entries.size === 0 &&
      (await holds(platform, `${out}/index.json`, indexText)) &&
      (await holds(platform, `${out}/report.json`, reportText));
    if (isThere) {
      await journal.remove();
      return { out, report, written: false };
    }
    await assembleCorpus(platform, out, {
      index,
      indexText,
      pieces,
      others,
      settings,
      reports: { "report.json": reportText, "report.md": formatReport(report) },
    });
    await journal.remove();
    return { out, report, written: true };
  } finally {
    await source.close();
  }
}

async function holds({ store }: Platform, path: string, text: string): Promise<boolean> {
  if ((await store.stat(path)) === undefined) return false;
  return new TextDecoder().decode(await store.read(path)) === text;
}

function unlistedFile(source: string, { table }: Selection): PrepareReport["refused"][number] {
  return { source, why: `is not listed in ${table?.name ?? "the table"}` };
}

/** `key=value` pairs; values are read as JSON where they are JSON. */
export function representationConfig(pairs: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), parseValue(pair.slice(at + 1))];
    }),
  );
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function sourcePath(platform: Platform, options: PrepareOptions): Promise<string> {
  if (!options.download) {
    if (options.url !== undefined || options.sha256 !== undefined) {
      throw new UsageError("found --url or --sha256 without --download, expected all of them or none");
    }
    return options.source;
  }
  return downloadMaestro(platform, options);
}

/** The last part of a path, without .zip. */
function nameOf(path: string): string {
  const parts = path.split(/[\\/]/).filter((part) => part !== "" && part !== ".");
  return (parts.at(-1) ?? "corpus").replace(/\.zip$/i, "") || "corpus";
}

/** Only a corpus is ever replaced. */
async function checkOut(platform: Platform, out: string): Promise<void> {
  const { store } = platform;
  const found = await store.stat(out);
  if (found === undefined) return;
  if (found.kind === "file") {
    throw new UsageError(`found a file at ${out}, expected a folder or nothing: choose another --out`);
  }
  const index = `${out}/index.json`;
  if ((await store.stat(index)) !== undefined) {
    try {
      parseIndex(new TextDecoder().decode(await store.read(index)), index);
      return;
    } catch (error) {
      // A corpus of an older version may be replaced; another program's index.json may not.
      if (error instanceof CorpusError && error.message.includes("corpus version")) return;
    }
  } else if ((await store.list(out)).length === 0) return;
  throw new UsageError(
    `found a folder at ${out} that is no corpus, expected a corpus or nothing: choose another --out`,
  );
}

function sortEntries(
  files: readonly SelectedFile[],
  entries: ReadonlyMap<string, Entry>,
): {
  readonly taken: TakenFile[];
  readonly refused: { source: string; why: string }[];
  readonly others: Entry[];
} {
  const taken: TakenFile[] = [];
  const refused: { source: string; why: string }[] = [];
  const others: Entry[] = [];
  for (const file of files) {
    const entry = entries.get(file.file.path);
    if (entry === undefined) continue;
    if (entry.kind === "taken") taken.push({ file, entry });
    else {
      refused.push({ source: entry.path, why: entry.why });
      // What could not even be read has no hash, and is tried again.
      if (entry.hash !== "") others.push(entry);
    }
  }
  return { taken, refused, others };
}
