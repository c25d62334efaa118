/** @file Which files become pieces: MIDI files of the source, what the table says of them, composers asked for. */
import { type Composition, compositionOf } from "../../corpus/composition.ts";
import { CorpusError } from "../../corpus/error.ts";
import {
  baseName,
  folderName,
  parseTable,
  type SplitName,
  type Table,
  type TableRow,
} from "../../corpus/table.ts";
import type { FoundFile, Source } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { nearest } from "../../util/suggest.ts";

export interface SelectedFile extends Composition {
  readonly file: FoundFile;
  /** The official split, where there is one. */
  readonly split: SplitName | undefined;
  /** Length by the table, in seconds: of the audio, not of the MIDI file. */
  readonly seconds: number | undefined;
}

export interface Selection {
  readonly files: readonly SelectedFile[];
  readonly table: Table | undefined;
  /** Files that the table lists and the source does not hold. */
  readonly missing: readonly string[];
  /** Files of the source that a table with splits does not list. */
  readonly unlisted: readonly string[];
}

const isMidi = (path: string) => /\.(midi?|kar|rmi)(\.gz)?$/i.test(path);
const largestTable = 64 * 1024 * 1024;

/**
 * @throws CorpusError where the source holds no MIDI file, or a table that does not match its files.
 */
export async function selectFiles(source: Source, path: string): Promise<Selection> {
  const found = source.files.filter((file) => isMidi(file.path));
  if (found.length === 0) {
    throw new CorpusError(
      `found no MIDI file among ${source.files.length} files in ${path}, expected .mid, .midi, .kar or .rmi (or these with .gz): check the path`,
    );
  }
  const opened = await findTable(source);
  if (opened === undefined) {
    const files = found.map((file) => describe(file, file.path, undefined));
    return { files, table: undefined, missing: [], unlisted: [] };
  }
  const { table, folder } = opened;
  const within = (file: FoundFile) => (folder === "" ? file.path : file.path.slice(folder.length + 1));
  const rows = indexRows(table);
  const files: SelectedFile[] = [];
  const unlisted: string[] = [];
  const seen = new Set<TableRow>();
  for (const file of found) {
    const row = rows(within(file));
    if (row) seen.add(row);
    if (row === undefined && table.hasSplits) unlisted.push(file.path);
    else files.push(describe(file, within(file), row));
  }
  const missing = table.rows.flatMap((row) => (row.file === undefined || seen.has(row) ? [] : [row.file]));
  if (table.hasSplits && files.length === 0) {
    throw new CorpusError(
      `found ${table.name}, which lists ${table.rows.length} files, and none of them in ${path}: ` +
        "unpack the MIDI files beside the table, or remove it to split by composition",
    );
  }
  return { files, table, missing, unlisted };
}

function describe(file: FoundFile, path: string, row: TableRow | undefined): SelectedFile {
  return { file, ...compositionOf(path, row), split: row?.split, seconds: row?.seconds };
}

/** The first table at the top of the source, or one folder down, as archives have it. */
async function findTable(
  source: Source,
): Promise<{ readonly table: Table; readonly folder: string } | undefined> {
  const candidates = source.files
    .filter(({ path }) => /\.csv$/i.test(path) && path.split("/").length <= 2)
    .sort((a, b) => a.path.split("/").length - b.path.split("/").length || (a.path < b.path ? -1 : 1));
  for (const file of candidates) {
    if (file.size > largestTable) continue;
    const table = parseTable(file.path, new TextDecoder().decode(await source.read(file)));
    if (table) return { table, folder: folderName(file.path) };
  }
  return undefined;
}

/** Rows by path, whatever the case and the ending of the name; or by the number that a name begins with. */
function indexRows(table: Table): (path: string) => TableRow | undefined {
  const key = (path: string) => path.replace(/(\.(midi?|kar|rmi|gz))+$/i, "").toLowerCase();
  const byFile = new Map<string, TableRow>();
  const byId = new Map<string, TableRow>();
  for (const row of table.rows) {
    if (row.file !== undefined) byFile.set(key(row.file), row);
    if (row.id !== undefined && row.id !== "") byId.set(row.id, row);
  }
  return (path) => byFile.get(key(path)) ?? byId.get(baseName(path).match(/^\d+/)?.[0] ?? "");
}

/**
 * The files of composers whose name contains one of the words.
 *
 * @throws UsageError for a word that no composer's name contains; it lists the five nearest.
 */
export function filterComposers(
  files: readonly SelectedFile[],
  words: readonly string[],
): readonly SelectedFile[] {
  if (words.length === 0) return files;
  const composers = [...new Set(files.map((file) => file.composer))].filter((composer) => composer !== "");
  for (const word of words) {
    if (composers.some((composer) => matches(composer, word))) continue;
    const near = nearest(word, composers, 5);
    throw new UsageError(
      near.length === 0
        ? `found no composers in this source, expected "${word}": leave --composer out`
        : `found no composer like "${word}"; the nearest are ${near.join(", ")} (\`--list\` shows all)`,
    );
  }
  return files.filter((file) => words.some((word) => matches(file.composer, word)));
}

const matches = (composer: string, word: string) => fold(composer).includes(fold(word));

/** Lower case without accents: "Frédéric" is found by "frederic". */
const fold = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
