/**
 * @file The table beside a data set: MAESTRO's csv, Groove's info.csv, MusicNet's metadata. It knows composers, titles
 * and, where there is one, the official split.
 */
import Papa from "papaparse";
import { CorpusError } from "./error.ts";

export const splitNames = ["train", "validation", "test"] as const;
export type SplitName = (typeof splitNames)[number];

export interface TableRow {
  /** Path of the MIDI file relative to the table, or undefined where the table goes by id. */
  readonly file: string | undefined;
  /** Number that the file's name begins with, for tables without file names. */
  readonly id: string | undefined;
  readonly composer: string;
  readonly title: string;
  readonly split: SplitName | undefined;
  readonly seconds: number | undefined;
}

export interface Table {
  readonly name: string;
  readonly hasSplits: boolean;
  readonly rows: readonly TableRow[];
}

/** Columns by the names that published data sets give them. */
const columns = {
  file: ["midi_filename", "filename", "file", "path"],
  id: ["id"],
  composer: ["canonical_composer", "composer", "artist"],
  title: ["canonical_title", "composition", "title"],
  split: ["split"],
  seconds: ["duration", "seconds"],
} as const;

/**
 * Reads a table, or answers undefined where a csv is about something else.
 *
 * @throws CorpusError where it is a data set's table but cannot be read.
 */
export function parseTable(name: string, text: string): Table | undefined {
  const parsed = Papa.parse<Readonly<Record<string, string>>>(text, {
    header: true,
    skipEmptyLines: "greedy",
    transformHeader: (header) => header.trim().toLowerCase(),
  });
  const header = parsed.meta.fields ?? [];
  const column = (names: readonly string[]) => names.find((each) => header.includes(each));
  const file = column(columns.file);
  const id = column(columns.id);
  const composer = column(columns.composer);
  const split = column(columns.split);
  const isTable =
    (file !== undefined && (split ?? composer) !== undefined) || (id !== undefined && composer !== undefined);
  if (!isTable) {
    if (/^maestro-v.*\.csv$/i.test(baseName(name))) {
      throw new CorpusError(
        `found ${name} without the columns midi_filename and split (its first line reads "${header.join(",").slice(0, 80)}"), ` +
          "expected MAESTRO's table: fetch it again, or remove it to split by composition",
      );
    }
    return undefined;
  }
  const [problem] = parsed.errors;
  if (problem) {
    const line = problem.row === undefined ? "" : `, line ${problem.row + 2}`;
    throw new CorpusError(
      `found a damaged table ${name}${line}: ${problem.message}; fetch it again or remove it`,
    );
  }
  const title = column(columns.title);
  const seconds = column(columns.seconds);
  const cell = (row: Readonly<Record<string, string>>, key: string | undefined) =>
    key === undefined ? "" : (row[key] ?? "").trim();
  const rows = parsed.data.map((row, index): TableRow => {
    const length = Number.parseFloat(cell(row, seconds));
    return {
      file: file === undefined ? undefined : cell(row, file),
      id: file === undefined ? cell(row, id) : undefined,
      composer: cell(row, composer),
      title: cell(row, title),
      split: split === undefined ? undefined : readSplit(cell(row, split), name, index + 2),
      seconds: Number.isFinite(length) ? length : undefined,
    };
  });
  return { name, hasSplits: split !== undefined, rows };
}

function readSplit(text: string, name: string, line: number): SplitName {
  const split = splitNames.find((each) => each === text.toLowerCase());
  if (split) return split;
  throw new CorpusError(
    `found split "${text}" in ${name}, line ${line}, expected train, validation or test: mend the line or remove the table`,
  );
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A path without `.mid`, `.mid.gz` and the like. */
export function withoutEnding(path: string): string {
  return path.replace(/(\.(midi?|kar|rmi|gz))+$/i, "");
}

export function folderName(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}
