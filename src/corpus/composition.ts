/** @file What a file is called by: label, composer and title, from its table or from where it lies. */
import type { TableRow } from "./table.ts";
import { baseName, folderName, withoutEnding } from "./table.ts";

export interface Composition {
  /** The sub-folders the file lies in, as in `debussy/preludes`. */
  readonly label: string;
  readonly composer: string;
  readonly title: string;
}

/** The composer is the table's, or the first sub-folder; the title is the table's, or the file's name. */
export function compositionOf(path: string, row: TableRow | undefined): Composition {
  const label = folderName(path);
  return {
    label,
    composer: row?.composer || label.split("/")[0],
    title: row?.title || titleOf(path),
  };
}

/** The name of a file without its endings and without what tells versions of one piece apart. */
function titleOf(path: string): string {
  const stem = withoutEnding(baseName(path));
  const version = /(\s*\(\d+\)|[\s_-]+(copy|version|take|alt|v(er)?\.?\s*(?=\d))\s*\d*)+$/i;
  return stem.replace(version, "").trim() || stem;
}
