/** @file What a promised name of a model leads to now: nothing yet, a run to go on with, or weights to begin from. */
import { metricsFile, parseMetrics } from "../../tracking/index.ts";
import { readPointer } from "../model/index.ts";
import type { Surroundings } from "./program.ts";

type Store = Surroundings["store"];

/** How training goes on, as options of `rubato train`. */
export interface Beginning {
  readonly run: string;
  readonly resume: boolean;
  /** Whose weights it begins with. */
  readonly from: string | undefined;
}

/**
 * A run that was interrupted is gone on with; one that has ended gives its weights to another run beside it.
 *
 * @param name the promised file, a pointer to a run
 * @param folder where the first run goes
 * @param afresh begins another run even where there is one to go on with
 */
export async function beginningOf(
  store: Store,
  name: string,
  folder: string,
  { afresh = false } = {},
): Promise<Beginning> {
  const found = await readPointer(store, name);
  const known = found?.kind === "checkpoint" ? found.leadsTo : folder;
  const hasRun = (await store.stat(`${known}/checkpoints/last/config.json`)) !== undefined;
  if (!hasRun) return { run: await freeFolder(store, folder), resume: false, from: undefined };
  if (!afresh && !(await hasEnded(store, known))) return { run: known, resume: true, from: undefined };
  return { run: await freeFolder(store, folder), resume: false, from: known };
}

async function hasEnded(store: Store, run: string): Promise<boolean> {
  const file = `${run}/${metricsFile}`;
  if ((await store.stat(file)) === undefined) return false;
  const lines = parseMetrics(new TextDecoder().decode(await store.read(file)), file);
  return lines.at(-1)?.state === "finished";
}

/** `folder`, or `folder-2` and so on where something lies there. */
export async function freeFolder(store: Store, folder: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? folder : `${folder}-${number}`;
    const found = await store.stat(name);
    if (found === undefined || (found.kind === "folder" && (await store.list(name)).length === 0))
      return name;
  }
}

/** The last part of a path without its ending: "train" of "models/train.sess". */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.replace(/(?<=.)\.[^.]*$/, "");
}

/** "2026-03-01_142530", in UTC. */
export function dateAndTime(now: number): string {
  const date = new Date(now).toISOString();
  return `${date.slice(0, 10)}_${date.slice(11, 19).replaceAll(":", "")}`;
}

/** Names of the files right in a folder; none where there is no folder. */
export async function namesIn(store: Store, folder: string): Promise<readonly string[]> {
  if ((await store.stat(folder))?.kind !== "folder") return [];
  return (await store.list(folder)).flatMap(({ path }) => (path.includes("/") ? [] : [path]));
}
