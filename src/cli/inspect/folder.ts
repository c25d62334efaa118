/** @file A folder or an archive of MIDI files on a page: a line for each, and all of them together. */
import type { FolderFacts, ListedFile } from "../../workflows/inspect/index.ts";
import { table } from "../table.ts";
import { wrap } from "../wrap.ts";
import { arrange } from "./charts.ts";
import { musicCharts } from "./music-charts.ts";
import { count, length, type Page, percent, row, section, shorten } from "./page.ts";

const mostFiles = 40;
const mostKeys = 6;

export function layOutFolder(
  page: Page,
  { path, files, otherFiles, refused, warnings, missing, tableFault, total }: FolderFacts,
): string[] {
  const { color } = page;
  return [
    color.bold(shorten(path, page.width)),
    "",
    ...fileLines(page, files),
    ...section(page, "Together", [
      ...row(page, "Files", [
        `${count(files.length, "MIDI file")}`,
        refused === 0 ? "all of them read" : `${refused.toLocaleString("en")} refused`,
        ...(otherFiles > 0 ? [`${count(otherFiles, "other")} beside them`] : []),
        ...(missing === null || missing === 0
          ? []
          : [`${missing.toLocaleString("en")} that the table lists are missing`]),
      ]),
      ...row(page, "Length", [
        hours(total.seconds),
        count(total.notes, "note"),
        `${total.notesPerSecond.toFixed(1)} a second`,
      ]),
      ...(total.pitchRange === null
        ? []
        : row(page, "Range", [`${total.pitchRange.lowest.name} to ${total.pitchRange.highest.name}`])),
      ...(total.keys.length === 0 ? [] : row(page, "Keys", keyParts(total.keys))),
      ...(total.pitchRange === null ? [] : row(page, "Pedal", [pedalOf(total)])),
      ...row(page, "Warnings", [warnings === 0 ? "none" : warnings.toLocaleString("en")]),
    ]),
    ...(tableFault === ""
      ? []
      : wrap(`The table was not read: ${tableFault}`, page.width, "  ").map(color.yellow)),
    ...(total.notes === 0 ? [] : arrange(page, musicCharts(page, total))),
  ];
}

function pedalOf({ pedal, pieces }: FolderFacts["total"]): string {
  if (pedal.pieces === 0) return "never touched";
  const share = percent(pedal.downShare);
  return `sustain in ${pedal.pieces.toLocaleString("en")} of ${count(pieces, "file")}, down ${share} of all time`;
}

function hours(seconds: number): string {
  return seconds < 3600 ? length(seconds) : `${(seconds / 3600).toFixed(1)} hours`;
}

function keyParts(keys: FolderFacts["total"]["keys"]): string[] {
  const shown = keys.slice(0, mostKeys).map(({ key, pieces }) => `${key} ${pieces.toLocaleString("en")}`);
  return keys.length > mostKeys ? [...shown, `${keys.length - mostKeys} more`] : shown;
}

function fileLines(page: Page, files: readonly ListedFile[]): string[] {
  const { color, width } = page;
  const shown = files.slice(0, mostFiles);
  const rest = files.slice(mostFiles);
  const isWarned = shown.some((file) => "warnings" in file && file.warnings > 0);
  const columns = ["file", "notes", " length", "n/s", "pedal", "key", ...(isWarned ? ["warnings"] : [])];
  const nameWidth = Math.min(
    Math.max(...shown.map((file) => nameOf(file).length), 4),
    width - (isWarned ? 50 : 40),
  );
  const lines = table(
    columns,
    shown.map((file) => cellsOf(file, nameWidth).slice(0, columns.length)),
  );
  const [header, ...rows] = lines;
  const painted = rows.map((line, i) => {
    const file = shown[i];
    if ("refused" in file) return [line, ...wrap(file.refused, width, "    ").map(color.red)];
    return [file.warnings > 0 ? color.yellow(line) : line];
  });
  return [color.dim(header), ...painted.flat(), ...(rest.length === 0 ? [] : [color.dim(restLine(rest))])];
}

/** "Chopin: Ballade No. 1" where a table knows it; surnames are enough among neighbours. */
function nameOf({ path, work }: ListedFile): string {
  if (work === null) return path;
  const surnames = work.composer.split(" / ").map((name) => name.split(" ").at(-1));
  return `${surnames.join("/")}: ${work.title}`;
}

function cellsOf(file: ListedFile, nameWidth: number): string[] {
  const name = shorten(nameOf(file), nameWidth);
  if ("refused" in file) return [name, "", "", "", "", "refused", ""];
  const { notes, seconds, notesPerSecond, pedal, key, warnings } = file;
  return [
    name,
    notes.toLocaleString("en"),
    length(seconds).padStart(7),
    notesPerSecond.toFixed(1),
    (pedal === null ? "none" : `${Math.round(pedal * 100)} %`).padStart(5),
    key ?? "",
    warnings === 0 ? "" : warnings.toLocaleString("en"),
  ];
}

function restLine(rest: readonly ListedFile[]): string {
  const read = rest.flatMap((file) => ("refused" in file ? [] : [file]));
  const notes = read.reduce((sum, file) => sum + file.notes, 0);
  const seconds = read.reduce((sum, file) => sum + file.seconds, 0);
  const refused = rest.length - read.length;
  return `and ${count(rest.length, "more file")}: ${count(notes, "note")}, ${hours(seconds)}${refused > 0 ? `, ${refused} refused` : ""} (--json lists every file)`;
}
