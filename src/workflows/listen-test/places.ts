/** @file Where a kit is written: whole or not at all, and over nothing that was there. */
import type { Store } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { keyPathOf } from "./key.ts";

export interface Places {
  readonly out: string;
  readonly key: string;
  /** Where the folder is filled, before it takes its name. */
  readonly partial: string;
}

/** What a run that was killed leaves, half-written files included. */
const ownFile = /^(index\.html|\.index\.html\..*\.tmp|audio\/\.?[a-z0-9]+\.mp3(\..*\.tmp)?)$/;

/** @throws UsageError where something is there that would be lost */
export async function openPlaces(store: Store, wanted: string): Promise<Places> {
  const out = wanted.replace(/(?<=.)[\\/]+$/, "");
  const name = out.slice(Math.max(out.lastIndexOf("/"), out.lastIndexOf("\\")) + 1);
  if (name === "" || name === "." || name === "..") {
    throw new UsageError(
      `found --out ${wanted}, expected the name of a folder to be made: choose another --out`,
    );
  }
  const places = { out, key: keyPathOf(out), partial: `${out}.partial` };
  const found = await store.stat(out);
  if (found?.kind === "file") {
    throw new UsageError(`found a file at ${out}, expected a folder or nothing: choose another --out`);
  }
  if (found !== undefined && (await store.list(out)).length > 0) {
    throw new UsageError(
      `found a folder at ${out} that is not empty, expected an empty one or nothing: remove it, or choose another --out`,
    );
  }
  // Without its key a kit that is out with listeners is worth nothing.
  if ((await store.stat(places.key)) !== undefined) {
    throw new UsageError(
      `found ${places.key}, the key of another kit, expected nothing there: move it to its kit, or choose another --out`,
    );
  }
  await clear(store, places.partial);
  return places;
}

async function clear(store: Store, partial: string): Promise<void> {
  const found = await store.stat(partial);
  if (found === undefined) return;
  const stranger =
    found.kind === "file" || (await store.list(partial)).some(({ path }) => !ownFile.test(path));
  if (stranger) {
    throw new UsageError(
      `found ${partial}, which no run of listen-test has left, expected nothing there: rename it, or choose another --out`,
    );
  }
  await store.remove(partial);
}
