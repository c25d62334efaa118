/** @file The music of a system, and of a split of a corpus, as its representation keeps it. */
import type { Corpus, SplitName } from "../../corpus/index.ts";
import type { Performance } from "../../music/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { type Representation, RepresentationError } from "../../representations/index.ts";
import { UsageError } from "../../util/errors.ts";
import { musicFilesAt, readMusicFile } from "../files/index.ts";

export interface System {
  readonly name: string;
  readonly path: string;
  /** In the order of their names; those without notes are left out. */
  readonly pieces: readonly Performance[];
  /** What was left out, a sentence each. */
  readonly remarks: readonly string[];
}

/**
 * Reads what a system made. All of it goes through the tokens of the corpus: music is otherwise told apart by the fineness of
 * its velocities and times.
 *
 * @throws UsageError where there is no music; and what reading throws
 */
export async function readSystem(
  { store, report }: Pick<Platform, "store" | "report">,
  path: string,
  representation: Representation,
): Promise<System> {
  const files = await musicFilesAt(store, path);
  const pieces: Performance[] = [];
  const silent: string[] = [];
  for (const [done, file] of files.entries()) {
    const { performance } = await readMusicFile(store, file);
    if (performance.notes.count > 0) pieces.push(onGrid(performance, representation, file));
    else silent.push(file);
    report({ stage: `reading ${path}`, done: done + 1, total: files.length, unit: "files" });
  }
  if (pieces.length === 0) {
    throw new UsageError(
      `found no notes in ${files.length.toLocaleString("en")} MIDI file${files.length === 1 ? "" : "s"} in ${path}, expected music to compare: make some with rubato generate`,
    );
  }
  return {
    name: path.replace(/\/+$/, "").split("/").at(-1) ?? path,
    path,
    pieces,
    remarks: silent.map((file) => `${file} has no notes, and was left out`),
  };
}

function onGrid(performance: Performance, representation: Representation, file: string): Performance {
  try {
    return representation.decode(representation.encode(performance));
  } catch (error) {
    if (error instanceof RepresentationError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}

/** The pieces of a split, segment by segment where they were prepared in segments, one after the other. */
export async function* piecesOfSplit(
  { report }: Pick<Platform, "report">,
  corpus: Corpus,
  split: SplitName,
): AsyncGenerator<Performance> {
  const pieces = corpus.index.pieces.filter((piece) => piece.split === split);
  for (const [done, piece] of pieces.entries()) {
    for (const tokens of await corpus.tokens(piece)) yield corpus.representation.decode(tokens);
    report({ stage: `describing the ${split} split`, done: done + 1, total: pieces.length, unit: "pieces" });
  }
}
