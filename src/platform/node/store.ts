/** @file The store on the file system. */
import { open, readFile, stat } from "node:fs/promises";
import { invariant } from "../../util/errors.ts";
import type { Store } from "../platform.ts";
import { asStorageError, codeOf, guarded } from "./guard.ts";
import { listFiles } from "./list.ts";
import { removeFile, renameFile } from "./rename.ts";
import { makeFolderOf, openWriter } from "./writer.ts";

/** A Buffer's `slice` shares memory where that of a Uint8Array copies; the library knows only the latter. */
function plain({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function readRange(path: string, offset: number, length: number): Promise<Uint8Array> {
  invariant(offset >= 0 && length >= 0, `a range of ${path} begins at ${offset} and is ${length} long`);
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
      if (bytesRead === 0) return bytes.slice(0, filled); // cut short since its size was asked for
      filled += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

async function appendWhole(path: string, bytes: Uint8Array): Promise<void> {
  await makeFolderOf(path);
  const handle = await open(path, "a");
  try {
    const { size } = await handle.stat();
    try {
      await handle.writeFile(bytes);
    } catch (error) {
      // On a full disk half a line may have been written, to which the next one would be glued.
      await handle.truncate(size);
      throw error;
    }
  } finally {
    await handle.close();
  }
}

export const nodeStore: Store = {
  stat: (path) =>
    guarded("look up", path, async () => {
      try {
        const stats = await stat(path);
        return { kind: stats.isDirectory() ? "folder" : "file", size: stats.size, modified: stats.mtimeMs };
      } catch (error) {
        const code = codeOf(error);
        if (code === "ENOENT" || code === "ENOTDIR") return undefined;
        throw error;
      }
    }),
  read: (path, range) =>
    guarded("read", path, () =>
      range ? readRange(path, range.offset, range.length) : readFile(path).then(plain),
    ),
  async write(path, bytes) {
    const writer = await openWriter(path);
    await writer.write(bytes);
    await writer.commit();
  },
  writer: openWriter,
  append: (path, bytes) => guarded("write", path, () => appendWhole(path, bytes)),
  list: listFiles,
  async rename(from, to) {
    try {
      await makeFolderOf(to);
      await renameFile(from, to);
    } catch (error) {
      throw asStorageError("rename", codeOf(error) === "ENOENT" ? from : to, error);
    }
  },
  remove: (path) => guarded("remove", path, () => removeFile(path)),
};
