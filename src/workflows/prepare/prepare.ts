/**
 * @file `prepare`: a folder or archive of MIDI files becomes a corpus. Interrupted and run again it goes on where it
 * was; the corpus takes its name only when it is whole; and its bytes do not depend on the number of workers.
 */
import { CorpusError } from "../../corpus/error.ts";
import { corpusVersion } from "../../corpus/format.ts";
import type { Platform } from "../../platform/platform.ts";
import { openRepresentation } from "../../representations/index.ts";
import { readConfiguration } from "../../util/configuration.ts";
import { readSettings } from "../settings.ts";
import { assembleCorpus } from "./assemble.ts";
import { readCache } from "./cache.ts";
import type { Entry } from "./entry.ts";
import { gatherSources, joinedName, locateOrigins, type Origin } from "./gather.ts";
import { openJournal } from "./journal.ts";
import { type PrepareInput, type PrepareOptions, prepareSchema } from "./options.ts";
import { openPlaces } from "./places.ts";
import { planCorpus, type TakenFile } from "./plan.ts";
import { expectPlayed, readPrograms } from "./play.ts";
import { processFiles } from "./process.ts";
import { createReport, formatReport, type PrepareReport } from "./report.ts";
import type { SelectedFile } from "./select.ts";

/** To be raised when the same file becomes other tokens: what older versions remember is then forgotten. */
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
  const { store } = platform;
  const options = readConfiguration(prepareSchema, input, "prepare");
  const representation = openRepresentation(options.representation, readSettings(options.set));
  const { name, config, fields } = representation;
  const programs = readPrograms(options.play);
  const located = await locateOrigins(platform, options);
  const places = await openPlaces(store, options.out ?? `corpora/${joinedName(located)}`);
  const { origins, files, source } = await gatherSources(platform, located, options);
  const paths = origins.map(({ path }) => path);
  try {
    // What decides the bytes of a piece.
    const settings = JSON.stringify({
      pieceVersion,
      corpusVersion,
      source: paths.length === 1 ? paths[0] : paths,
      representation: { name, config },
      segmentSeconds: options.segments ?? null,
      ...(options.play.length > 0 && { programs }),
    });
    const journal = await openJournal(store, places.partial, settings);
    const cache = await readCache(store, places.out, settings);
    const found = files.map(({ file }) => file);
    const entries = await processFiles(platform, source, found, cache, journal, {
      representation: { name, config },
      fields: fields.length,
      segmentSeconds: options.segments,
      programs,
      workers: options.workers,
    });
    await journal.verify();

    const { taken, refused, remembered } = sortEntries(files, entries);
    if (taken.length === 0) {
      const why = refused[0] ? `; the first, ${refused[0].source}: ${refused[0].why}` : "";
      throw new CorpusError(
        `found ${files.length} MIDI files in ${paths.join(", ")} and could use none of them${why}`,
      );
    }
    expectPlayed(programs, taken);
    const { index, pieces } = planCorpus(taken, {
      name: joinedName(origins),
      representation,
      segmentSeconds: options.segments,
      share: options.split,
      seed: options.seed,
      tables: origins.map(({ selection }) => selection.table),
    });
    const names = origins.map(({ name }) => name);
    const report = createReport(index, pieces, ...absences(refused, origins, options), names);
    const texts = {
      "report.json": `${JSON.stringify(report, null, 1)}\n`,
      "report.md": formatReport(report),
      // The last to be written: a folder with an index is a whole corpus.
      "index.json": `${JSON.stringify(index, null, 1)}\n`,
    };
    const isNew = [...entries.values()].some((entry) => entry.hash !== "" && cache.get(entry.path) !== entry);
    const written = isNew || !(await holds(platform, places.out, texts));
    if (written) {
      await assembleCorpus(platform, places, { index, pieces, others: remembered, settings, texts });
    }
    await store.remove(places.partial);
    return { out: places.out, report, written };
  } finally {
    await source.close();
  }
}

/** Whether a folder holds these texts, to the letter. */
async function holds({ store }: Platform, folder: string, texts: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(texts)) {
    const file = `${folder}/${name}`;
    if ((await store.stat(file)) === undefined) return false;
    if (new TextDecoder().decode(await store.read(file)) !== text) return false;
  }
  return true;
}

/** Files that are not in the corpus, and files that are not there at all, of those that were asked for. */
function absences(
  refused: PrepareReport["refused"],
  origins: readonly Origin[],
  { composer, limit }: PrepareOptions,
): [PrepareReport["refused"], readonly string[]] {
  if (composer.length > 0 || limit !== undefined) return [refused, []];
  const unlisted = origins.flatMap(({ selection }) => {
    const why = `is not listed in ${selection.table?.name ?? "the table"}`;
    return selection.unlisted.map((source) => ({ source, why }));
  });
  return [[...refused, ...unlisted], origins.flatMap(({ selection }) => selection.missing)];
}

function sortEntries(
  files: readonly SelectedFile[],
  entries: ReadonlyMap<string, Entry>,
): {
  readonly taken: readonly TakenFile[];
  readonly refused: PrepareReport["refused"];
  /** Refusals that need not be looked at again; what could not even be read is tried each time. */
  readonly remembered: readonly Entry[];
} {
  const taken: TakenFile[] = [];
  const refused: Extract<Entry, { kind: "refused" }>[] = [];
  for (const file of files) {
    const entry = entries.get(file.file.path);
    if (entry?.kind === "taken") taken.push({ file, entry });
    if (entry?.kind === "refused") refused.push(entry);
  }
  return {
    taken,
    refused: refused.map(({ path, why }) => ({ source: path, why })),
    remembered: refused.filter(({ hash }) => hash !== ""),
  };
}
