/** @file Files of a folder that grow side by side by small pieces, and are written in large ones. */
import type { FileWriter, Store } from "../../platform/platform.ts";
import type { StoredRange } from "./entry.ts";

export interface Writers {
  /** Adds to the end of a file, and says where. */
  add(file: string, bytes: Uint8Array): Promise<StoredRange>;
  /** Gives all files their names. */
  commit(): Promise<void>;
  /** Removes what has no name yet. */
  discard(): Promise<void>;
}

const heldSize = 2 ** 20;

interface GrowingFile {
  readonly writer: FileWriter;
  readonly held: Uint8Array;
  filled: number;
  size: number;
}

export function openWriters(store: Store, folder: string): Writers {
  const files = new Map<string, GrowingFile>();
  const open = async (name: string): Promise<GrowingFile> => {
    const writer = await store.writer(`${folder}/${name}`);
    const file = { writer, held: new Uint8Array(heldSize), filled: 0, size: 0 };
    files.set(name, file);
    return file;
  };
  const flush = async (file: GrowingFile) => {
    await file.writer.write(file.held.subarray(0, file.filled));
    file.filled = 0;
  };
  return {
    async add(name, bytes) {
      const file = files.get(name) ?? (await open(name));
      if (file.filled + bytes.length > heldSize) await flush(file);
      if (bytes.length > heldSize) await file.writer.write(bytes);
      else {
        file.held.set(bytes, file.filled);
        file.filled += bytes.length;
      }
      const offset = file.size;
      file.size += bytes.length;
      return { file: name, offset, length: bytes.length };
    },
    async commit() {
      for (const file of files.values()) await flush(file);
      await Promise.all([...files.values()].map(({ writer }) => writer.commit()));
    },
    async discard() {
      for (const { writer } of files.values()) await writer.discard();
    },
  };
}
