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
