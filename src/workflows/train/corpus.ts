/** @file The corpus of a training: one that is there, or MIDI that is prepared on the way. */
import { type Corpus, openCorpus, tailShare, withTailValidation } from "../../corpus/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { prepare } from "../prepare/index.ts";

export interface TrainingCorpus {
  readonly corpus: Corpus;
  /** SHA-256 of the corpus's index: another corpus has another one. */
  readonly fingerprint: string;
  /** What was done on the way, in sentences. */
  readonly remarks: readonly string[];
}

/**
 * Opens a corpus, or prepares one from a folder, an archive or a file of MIDI, under `corpora/`. Where nothing is there to
 * validate with, the last tenth of each piece is.
 *
 * @param representation wanted of what is prepared.
 * @throws CorpusError, UsageError or StorageError, each in one sentence
 */
export async function openTrainingCorpus(
  platform: Platform,
  path: string,
  representation: { readonly name: string; readonly config: Readonly<Record<string, unknown>> },
): Promise<TrainingCorpus> {
  const { store } = platform;
  const remarks: string[] = [];
  let folder = path;
  if ((await store.stat(`${path}/index.json`)) === undefined) {
    const prepared = await prepare(platform, {
      source: path,
      representation: representation.name,
      set: Object.entries(representation.config).map(([key, value]) => `${key}=${JSON.stringify(value)}`),
    });
    folder = prepared.out;
    remarks.push(`${path} is prepared as ${folder}`);
  }
  const opened = await openCorpus(store, folder);
  const fingerprint = platform.sha256(await store.read(`${folder}/index.json`));
  if (opened.index.pieces.some(({ split }) => split === "validation")) {
    return { corpus: opened, fingerprint, remarks };
  }
  const corpus = await withTailValidation(opened);
  if (!corpus.index.pieces.some(({ split }) => split === "train")) {
    throw new UsageError(`found no music to train on in ${path}, expected MIDI files with notes`);
  }
  const what = corpus.index.totals.train?.pieces === 1 ? "the piece" : "each piece";
  remarks.push(
    `there is nothing to validate with: the last ${Math.round(tailShare * 100)} % of ${what} is kept from training for it`,
  );
  return { corpus, fingerprint, remarks };
}
