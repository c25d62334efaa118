/** @file What reading and writing back every MIDI file of a folder shows. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type MidiWarning, performanceFromMidi, readMidi, writeMidi } from "../../src/midi/index.ts";
import { differenceOf } from "./difference.ts";

export interface SurveyedFile {
  readonly path: string;
  readonly notes: number;
  readonly warnings: readonly MidiWarning[];
  /** Whether the writer gives back the same bytes. */
  readonly identical: boolean;
}

/** Reads and rewrites all files below a folder; throws where a file is refused or changes its events. */
export function survey(folder: string): readonly SurveyedFile[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.midi?$/i.test(path),
  );
  return paths.toSorted().map((path) => {
    const bytes = new Uint8Array(readFileSync(join(folder, path)));
    const { file, warnings } = readMidi(bytes);
    const { performance, warnings: more } = performanceFromMidi(file);
    const written = writeMidi(file);
    const identical = Buffer.compare(written, bytes) === 0;
    const difference = identical ? undefined : differenceOf(file, readMidi(written).file);
    if (difference !== undefined) throw new Error(`${path} changes when written: ${difference}`);
    return { path, notes: performance.notes.count, warnings: [...warnings, ...more], identical };
  });
}

/** How many files warn of what. */
export function filesByWarning(files: readonly SurveyedFile[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { warnings } of files) {
    for (const kind of new Set(warnings.map((warning) => warning.kind)))
      counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

export const totalNotes = (files: readonly SurveyedFile[]): number =>
  files.reduce((sum, { notes }) => sum + notes, 0);
