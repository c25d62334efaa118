/** @file Which files of music a path stands for. */
import type { Store } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { formatOf } from "./formats.ts";

/**
 * The file itself, or the MIDI files below a folder in the order of their names.
 *
 * @throws UsageError where there is nothing, or no MIDI file in the folder
 */
export async function musicFilesAt(
  store: Pick<Store, "stat" | "list">,
  path: string,
): Promise<readonly string[]> {
  const stat = await store.stat(path);
  if (stat === undefined) {
    throw new UsageError(
      `found nothing at ${path}, expected a file of music or a folder of MIDI files: check the path`,
    );
  }
  if (stat.kind === "file") return [path];
  const inside = (await store.list(path)).filter((file) => formatOf(file.path)?.name === "midi");
  if (inside.length > 0) return inside.map((file) => `${path.replace(/\/+$/, "")}/${file.path}`);
  throw new UsageError(`found no MIDI files in ${path}, expected music: choose another folder`);
}
