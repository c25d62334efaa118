/** @file Which files become pieces: the MIDI files of a source, and what the table beside them says of each. */
import { type Composition, compositionOf } from "../../corpus/composition.ts";
import { CorpusError } from "../../corpus/error.ts";
import {
  baseName,
  folderName,
  parseTable,
  type SplitName,
  type Table,
  type TableRow,
  withoutEnding,
} from "../../corpus/table.ts";
import type { FoundFile, Source } from "../../platform/platform.ts";
import { nameOf } from "./source.ts";

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
  /** What the table lists and the source does not hold: files, or numbers in a table that goes by numbers. */
  readonly missing: readonly string[];
  /** Files of the source that a table with splits does not list. */
  readonly unlisted: readonly string[];
}

const largestTable = 64 * 1024 * 1024;

/** What macOS puts into archives beside each file has its name and is no MIDI. */
const isShadow = (path: string) => path.startsWith("__MACOSX/") || baseName(path).startsWith("._");

const isMidi = (path: string) => /\.(midi?|kar|rmi)(\.gz)?$/i.test(path) && !isShadow(path);

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
  const base = opened ? opened.folder : wrapperOf(found, path);
  const matched = opened && matchRows(opened.table, found, base);
  if (opened?.table.hasSplits && matched?.rows.size === 0) {
    throw new CorpusError(
      `found ${opened.table.name}, which lists ${opened.table.rows.length} files, and none of them in ${path}: ` +
        "unpack the MIDI files beside the table, or remove it to split by composition",
    );
  }
  // A table without splits that knows none of the files is about something else.
  if (opened === undefined || matched === undefined || matched.rows.size === 0) {
    const files = found.map((file) => describe(file, base, undefined));
    return { files, table: undefined, missing: [], unlisted: [] };
  }
  const { rows, missing } = matched;
  const { table } = opened;
  const isListed = (file: FoundFile) => rows.has(file) || !table.hasSplits;
  return {
    files: found.filter(isListed).map((file) => describe(file, base, rows.get(file))),
    table,
    missing,
    unlisted: found.filter((file) => !isListed(file)).map((file) => file.path),
  };
}

function describe(file: FoundFile, base: string, row: TableRow | undefined): SelectedFile {
  return { file, ...compositionOf(below(base, file.path), row), split: row?.split, seconds: row?.seconds };
}

/** The path from a folder on; what lies elsewhere keeps its path. */
function below(folder: string, path: string): string {
  return folder !== "" && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** Many archives hold one folder with the archive's own name, which labels nothing. */
function wrapperOf(found: readonly FoundFile[], path: string): string {
  const name = nameOf(path);
  return found.every((file) => file.path.startsWith(`${name}/`)) ? name : "";
}

/** The first table at the top of the source, or one folder down, as archives have it. */
async function findTable(
  source: Source,
): Promise<{ readonly table: Table; readonly folder: string } | undefined> {
  const depth = (path: string) => path.split("/").length;
  const candidates = source.files
    .filter(({ path }) => /\.csv$/i.test(path) && depth(path) <= 2 && !isShadow(path))
    .sort((a, b) => depth(a.path) - depth(b.path) || (a.path < b.path ? -1 : 1));
  for (const file of candidates) {
    if (file.size > largestTable) continue;
    const table = parseTable(file.path, new TextDecoder().decode(await source.read(file)));
    if (table) return { table, folder: folderName(file.path) };
  }
  return undefined;
}

/** Rows by file, whatever the case and the ending of the name; or by the number that a name begins with. */
function matchRows(
  table: Table,
  found: readonly FoundFile[],
  base: string,
): { readonly rows: ReadonlyMap<FoundFile, TableRow>; readonly missing: readonly string[] } {
  const byFile = new Map<string, TableRow>();
  const byId = new Map<string, TableRow>();
  for (const row of table.rows) {
    if (row.file !== undefined) byFile.set(matchingKey(row.file), row);
    if (row.id !== undefined && row.id !== "") byId.set(row.id, row);
  }
  const rows = new Map<FoundFile, TableRow>();
  for (const file of found) {
    const path = below(base, file.path);
    const row = byFile.get(matchingKey(path)) ?? byId.get(baseName(path).match(/^\d+/)?.[0] ?? "");
    if (row) rows.set(file, row);
  }
  const seen = new Set(rows.values());
  const missing = table.rows.filter((row) => !seen.has(row)).map((row) => row.file ?? row.id ?? row.title);
  return { rows, missing };
}

/** Some systems write an accent as a character of its own. */
const matchingKey = (path: string) => withoutEnding(path).normalize("NFC").toLowerCase();
