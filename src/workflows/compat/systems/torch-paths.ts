/** @file Where performance_rnn_torch keeps things: folders with their eight variables, processed music, sessions. */
import { UsageError } from "../../../util/errors.ts";
import { createRandom } from "../../../util/random.ts";
import { formatOf } from "../../files/index.ts";
import { readPointer } from "../../model/index.ts";
import { plainPath, type Surroundings } from "../program.ts";

/** The folders, as their variables or their README have them. */
export function foldersOf(around: Surroundings) {
  const { environment } = around;
  const folder = (name: string, usual: string) => {
    const given = environment[`PERFORMANCE_RNN_${name}_DIR`];
    return plainPath(given === undefined || given === "" ? usual : given, around);
  };
  const data = folder("DATA", "data");
  return {
    midi: folder("MIDI", `${data}/midi`),
    processed: folder("PROCESSED", `${data}/processed`),
    maestro: folder("MAESTRO", `${data}/maestro-v3.0.0`),
    models: folder("MODELS", "models"),
    output: folder("OUTPUT", "output"),
    logs: folder("LOGS", "logs"),
    runs: folder("RUNS", "runs"),
  };
}

/** The corpus lies beside the `.data` files, for nothing but a corpus may lie in a corpus. */
export const corpusIn = (processed: string): string => `${processed}/corpus`;

/** Says which folder of MIDI was processed. */
export const originIn = (processed: string): string => `${processed}/midi.json`;

export interface Processed {
  readonly corpus: string;
  /** The MIDI it is made of, where it has to be prepared first. */
  readonly midi: string | undefined;
}

/** The corpus of a processed folder, or of one composer's folder within it. */
export async function processedMusic(around: Surroundings, folder: string): Promise<Processed> {
  const { store } = around;
  if ((await store.stat(`${folder}/index.json`)) !== undefined) return { corpus: folder, midi: undefined };
  const corpus = corpusIn(folder);
  if ((await store.stat(`${corpus}/index.json`)) !== undefined) return { corpus, midi: undefined };
  return { corpus, midi: await originOf(around, folder) };
}

/** The MIDI that a processed folder, or one composer's folder within it, was made of. */
export async function originOf({ store }: Surroundings, folder: string): Promise<string | undefined> {
  const all = await readPointer(store, originIn(folder));
  if (all !== undefined) return all.leadsTo;
  const [first] = await dataFilesIn(store, folder);
  const music = first === undefined ? undefined : await readPointer(store, first);
  return music?.leadsTo.replace(/\/[^/]*$/, "");
}

async function dataFilesIn(store: Surroundings["store"], folder: string): Promise<readonly string[]> {
  if ((await store.stat(folder))?.kind !== "folder") return [];
  const files = await store.list(folder);
  return files.flatMap(({ path }) => (path.endsWith(".data") ? [`${folder}/${path}`] : []));
}

/**
 * The music whose course `-c` names: a `.data` file, a folder of them (one is drawn), or a file of music.
 *
 * @throws UsageError for a file that says nothing of music
 */
export async function controlMusic({ store, seed }: Surroundings, path: string): Promise<string> {
  const isFolder = (await store.stat(path))?.kind === "folder";
  const files = isFolder ? await dataFilesIn(store, path) : [path];
  const file = files[createRandom(seed).integer(Math.max(1, files.length))];
  const found = file === undefined ? undefined : await readPointer(store, file);
  if (found?.kind === "music") return found.leadsTo;
  if (file !== undefined && formatOf(file) !== undefined) return file;
  throw new UsageError(
    `found --control ${path}, expected "h0,…,h11;density" with twelve weights and a class from 0 to 11, ";density", or a file of music or folder that preprocess.py has processed`,
  );
}
