/** @file Where a model lies: by folder, by the name of one that ships, or "last" for the newest run. */
import { type OpenedCheckpoint, openCheckpoint } from "../../checkpoint/index.ts";
import type { Platform } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { suggestion } from "../../util/suggest.ts";
import { readPointer } from "./pointer.ts";

/** What plays where nobody says otherwise. */
export const defaultModel = "piano";

/** What plays where nobody names a model and the music is to be like something: it is told of that. */
export const steerableModel = "piano-steerable";

/** Where runs go unless told otherwise. */
export const runsFolder = "runs";

export interface FoundModel extends OpenedCheckpoint {
  /** As it was asked for, or the name of the default. */
  readonly name: string;
}

/**
 * Opens a model.
 *
 * @param reference a folder with a checkpoint, the folder of a run, a file that points to either, the name of a model that
 *   ships, or "last"; the default model unless given.
 * @throws UsageError where nothing of that name is found; CheckpointError where it is damaged
 */
export async function findModel(platform: Platform, reference: string = defaultModel): Promise<FoundModel> {
  const folder = await locateModel(platform, reference);
  return { name: reference, ...(await openCheckpoint(platform, folder)) };
}

/** The folder of the checkpoint that `findModel` would open. */
export async function locateModel(platform: Platform, reference: string): Promise<string> {
  const pointer = await readPointer(platform.store, reference);
  const places =
    reference === "last"
      ? await newestRun(platform)
      : pointer
        ? inside(pointer.leadsTo)
        : [...inside(reference), `${platform.bundled}/${reference}`];
  for (const place of places) {
    if (await platform.store.stat(`${place}/config.json`)) return place;
  }
  if (pointer) {
    throw new UsageError(
      `found ${reference}, which points to ${pointer.leadsTo}, and no checkpoint there, expected a model: call from the folder in which \`${pointer.madeBy}\` was called, or train again`,
    );
  }
  if (reference === "last") {
    throw new UsageError(
      `found no run with a checkpoint under ${runsFolder}, expected one: train a model first, or name one with --model`,
    );
  }
  const names = await bundledModels(platform);
  throw new UsageError(
    `found no model "${reference}", expected a folder with a checkpoint, the folder of a run, "last", or one of ${names.join(", ")}${suggestion(reference, [...names, "last"])}`,
  );
}

/** Names of the models that ship with the package. */
export async function bundledModels({ store, bundled }: Platform): Promise<readonly string[]> {
  if ((await store.stat(bundled)) === undefined) return [];
  const files = await store.list(bundled);
  return files.flatMap(({ path }) => (/^[^/]+\/config\.json$/.test(path) ? [path.split("/", 1)[0]] : []));
}

/** A checkpoint itself, or what a run keeps: its best one first. */
function inside(folder: string): readonly string[] {
  return [folder, `${folder}/checkpoints/best`, `${folder}/checkpoints/last`];
}

async function newestRun({ store }: Platform): Promise<readonly string[]> {
  if ((await store.stat(runsFolder)) === undefined) return [];
  const files = await store.list(runsFolder);
  const configs = files.filter(({ path }) => /\/checkpoints\/(best|last)\/config\.json$/.test(path));
  const dated = await Promise.all(
    configs.map(async ({ path }) => ({
      run: `${runsFolder}/${path.replace(/\/checkpoints\/.*$/, "")}`,
      modified: (await store.stat(`${runsFolder}/${path}`))?.modified ?? 0,
    })),
  );
  const [newest] = dated.sort((a, b) => b.modified - a.modified);
  return newest ? inside(newest.run).slice(1) : [];
}
