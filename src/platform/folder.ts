/** @file A folder as a source: its files are listed once, when it is opened, and read from the store. */
import type { Source, Store } from "./platform.ts";

export async function openFolder(store: Store, folder: string): Promise<Source> {
  const files = await store.list(folder);
  const prefix = folder === "" || folder.endsWith("/") ? folder : `${folder}/`;
  return {
    files,
    read: (file) => store.read(prefix + file.path),
    close: async () => undefined,
  };
}

/** Whether a path ends as those of MIDI files do. */
export const isMidiName = (path: string): boolean => /\.(midi?|kar|rmi)(\.gz)?$/i.test(path);

/** One file as a source of its own. */
export async function openFile(store: Store, path: string): Promise<Source> {
  const found = await store.stat(path);
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const stamp = found === undefined ? "" : String(found.modified);
  return {
    files: [{ path: name, size: found?.size ?? 0, stamp }],
    read: () => store.read(path),
    close: async () => undefined,
  };
}
