/**
 * @file Where a run writes. All it makes before the corpus is whole lies in one folder beside it, `<out>.partial`; the
 * corpus then takes its place by renaming. Nothing but a corpus is ever replaced, and nothing but such a folder removed.
 */
import { isCorpusIndex } from "../../corpus/format.ts";
import type { Store } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { journalFile } from "./journal.ts";

export interface Places {
  readonly out: string;
  readonly partial: string;
  /** Where the corpus is written. */
  readonly fresh: string;
  /** Puts what is in `fresh` at `out`; on any failure what was there stays. */
  replace(): Promise<void>;
}

/**
 * Looks whether a corpus may be written there, and undoes a replacement that an earlier run was killed in.
 *
 * @throws UsageError where something else has either name.
 */
export async function openPlaces(store: Store, wanted: string): Promise<Places> {
  const out = wanted.replace(/(?<=.)[\\/]+$/, "");
  // Windows has both separators.
  const name = out.slice(Math.max(out.lastIndexOf("/"), out.lastIndexOf("\\")) + 1);
  if (name === "" || name === "." || name === "..") {
    throw new UsageError(
      `found --out ${wanted}, expected the name of a folder to be made: choose another --out`,
    );
  }
  const partial = `${out}.partial`;
  const fresh = `${partial}/new`;
  const old = `${partial}/old`;
  await checkPartial(store, partial);
  if ((await store.stat(out)) === undefined && (await store.stat(old)) !== undefined) {
    await store.rename(old, out);
  }
  await checkOut(store, out);
  return {
    out,
    partial,
    fresh,
    async replace() {
      await store.remove(old);
      const hadOne = (await store.stat(out)) !== undefined;
      if (hadOne) await store.rename(out, old);
      try {
        await store.rename(fresh, out);
      } catch (error) {
        if (hadOne) await store.rename(old, out);
        throw error;
      }
    },
  };
}

/** Files of a corpus, and what file browsers leave in every folder. */
const ownFile =
  /^((index|cache|report)\.json|report\.md|(train|validation|test)-([a-z-]+-)?\d{5,}\.bin|\.DS_Store|Thumbs\.db)$/;

async function checkOut(store: Store, out: string): Promise<void> {
  const found = await store.stat(out);
  if (found === undefined) return;
  if (found.kind === "file") {
    throw new UsageError(`found a file at ${out}, expected a folder or nothing: choose another --out`);
  }
  const index = `${out}/index.json`;
  const isCorpus =
    (await store.stat(index)) !== undefined &&
    isCorpusIndex(new TextDecoder().decode(await store.read(index)));
  const files = await store.list(out);
  if (!isCorpus && files.length > 0) {
    throw new UsageError(
      `found a folder at ${out} that is no corpus, expected a corpus or nothing: choose another --out`,
    );
  }
  const stranger = files.find(({ path }) => !ownFile.test(path));
  if (stranger === undefined) return;
  throw new UsageError(
    `found ${stranger.path} in the corpus at ${out}, which would be lost, expected nothing but a corpus there: move it elsewhere`,
  );
}

async function checkPartial(store: Store, partial: string): Promise<void> {
  const found = await store.stat(partial);
  if (found === undefined || (await store.stat(`${partial}/${journalFile}`)) !== undefined) return;
  if (found.kind === "folder" && (await store.list(partial)).length === 0) return;
  throw new UsageError(
    `found ${partial}, which no run of prepare has left, expected nothing there: rename it, or choose another --out`,
  );
}
