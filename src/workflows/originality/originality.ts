/** @file `originality`: whether music is copied from a corpus, and from where in it. */
import { openCorpus } from "../../corpus/index.ts";
import {
  type Band,
  type Originality,
  originalityOf,
  type Verdict,
  verdictOf,
} from "../../originality/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { musicFilesAt, readMusicFile } from "../files/index.ts";
import { indexOfCorpus } from "./index-of-corpus.ts";
import { type OriginalityInput, originalitySchema } from "./options.ts";

export interface FileOriginality extends Originality {
  readonly file: string;
  /** Null where the corpus has too few validation pieces to compare with. */
  readonly verdict: Verdict | null;
}

export interface OriginalityReport {
  readonly corpus: string;
  readonly pieces: number;
  readonly files: readonly FileOriginality[];
  /** What people's own pieces share with the same corpus. */
  readonly band: Band | null;
  readonly remarks: readonly string[];
}

/**
 * Looks files up in a corpus. The first time, an index is made in the corpus's folder.
 *
 * @throws UsageError where there is no music; CorpusError where the corpus has no train split; and what reading throws
 */
export async function originality(platform: Platform, input: OriginalityInput): Promise<OriginalityReport> {
  const options = originalitySchema.parse(input);
  const files: string[] = [];
  for (const path of options.files) files.push(...(await musicFilesAt(platform.store, path)));
  const corpus = await openCorpus(platform.store, options.against);
  const { index, remarks } = await indexOfCorpus(platform, corpus);
  const found: FileOriginality[] = [];
  for (const [done, file] of files.entries()) {
    const { performance } = await readMusicFile(platform.store, file);
    if (performance.notes.count === 0) {
      throw new UsageError(`found no notes in ${file}, expected music: choose another file`);
    }
    const measured = originalityOf(performance, index.library);
    found.push({ file, ...measured, verdict: index.band && verdictOf(measured, index.band) });
    platform.report({ stage: "looking music up", done: done + 1, total: files.length, unit: "files" });
  }
  return {
    corpus: index.corpus,
    pieces: index.library.pieces.length,
    files: found,
    band: index.band,
    remarks,
  };
}
