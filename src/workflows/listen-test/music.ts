/** @file The music of a system, by the names of its files: two that continued the same primers are paired by them. */
import { createPerformance, notesOf, type Performance, pedalsOf } from "../../music/index.ts";
import type { Platform, Store } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { musicFilesAt, readMusicFile } from "../files/index.ts";

export interface Piece {
  /** Within the folder of its system. */
  readonly name: string;
  readonly file: string;
  /** With one note at least that a piano can play. */
  readonly performance: Performance;
}

export interface ListenedSystem {
  readonly name: string;
  readonly path: string;
  /** In the order of their names; those without notes are left out. */
  readonly pieces: readonly Piece[];
  /** What was left out, a sentence each. */
  readonly remarks: readonly string[];
}

/** @throws UsageError where there are fewer than two systems, one twice, or no music; and what reading throws */
export async function readSystems(
  platform: Pick<Platform, "store" | "report">,
  given: readonly string[],
): Promise<readonly ListenedSystem[]> {
  const paths = given.map((path) => path.replace(/(?<=.)[\\/]+$/, ""));
  if (paths.length < 2) {
    throw new UsageError(
      `found ${paths.length === 0 ? "no system" : `one system, ${paths[0]}`}, expected two or more to choose between: give a folder of MIDI files for each`,
    );
  }
  const twice = paths.find((path, i) => paths.indexOf(path) < i);
  if (twice !== undefined) {
    throw new UsageError(`found ${twice} twice, expected systems that differ: give each once`);
  }
  const short = paths.map((path) => path.split(/[\\/]/).at(-1) ?? path);
  const areDistinct = new Set(short).size === short.length;
  const systems: ListenedSystem[] = [];
  for (const [i, path] of paths.entries()) {
    systems.push(await readSystem(platform, path, areDistinct ? short[i] : path));
  }
  return systems;
}

async function readSystem(
  { store, report }: Pick<Platform, "store" | "report">,
  path: string,
  name: string,
): Promise<ListenedSystem> {
  const files = await musicFilesAt(store, path);
  const pieces: Piece[] = [];
  const silent: string[] = [];
  for (const [done, file] of files.entries()) {
    const performance = await readPiano(store, file);
    const own =
      file === path
        ? file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1)
        : file.slice(path.length + 1);
    if (performance.notes.count > 0) pieces.push({ name: own, file, performance });
    else silent.push(file);
    report({ stage: `reading ${path}`, done: done + 1, total: files.length, unit: "files" });
  }
  if (pieces.length === 0) {
    throw new UsageError(
      `found no notes for a piano in ${files.length.toLocaleString("en")} file${files.length === 1 ? "" : "s"} at ${path}, expected music to listen to: make some with rubato generate`,
    );
  }
  return {
    name,
    path,
    pieces,
    remarks: silent.map((file) => `${file} has no notes for a piano, and was left out`),
  };
}

/** Without drums, which the piano leaves out: an excerpt of nothing else would be silent. */
async function readPiano(store: Store, file: string): Promise<Performance> {
  const { performance } = await readMusicFile(store, file);
  const { instruments } = performance;
  if (!instruments.some(({ isDrum }) => isDrum)) return performance;
  return createPerformance({
    notes: [...notesOf(performance)].filter(({ instrument }) => !instruments[instrument].isDrum),
    pedals: [...pedalsOf(performance)],
    instruments,
  });
}

/** The pieces of two systems that have the same names, two and two. */
export function namesakes(
  first: ListenedSystem,
  second: ListenedSystem,
): readonly (readonly [Piece, Piece])[] {
  const byName = new Map(second.pieces.map((piece) => [piece.name, piece]));
  return first.pieces.flatMap((piece) => {
    const other = byName.get(piece.name);
    return other === undefined ? [] : [[piece, other] as const];
  });
}
