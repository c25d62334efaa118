/** @file The part of a file that an interrupted download left, and what it takes to go on with it. */
import { type FileHandle, open, readFile, rm, stat } from "node:fs/promises";
import { z } from "zod";
import { codeOf, guarded } from "./guard.ts";
import { renameFile } from "./rename.ts";
import { sha256OfFile } from "./sha256.ts";
import { nodeStore } from "./store.ts";
import { makeFolderOf } from "./writer.ts";

/** `validator` is what the server called this version of the file: a strong ETag or a date. */
const noteSchema = z.object({ url: z.string(), validator: z.string() });

export interface Part {
  readonly path: string;
  /** Bytes there already. */
  size(): Promise<number>;
  /** The validator these bytes came with, when they are of this address. */
  validator(url: string): Promise<string | undefined>;
  /** Opens the part to add to it, or, from the start, to write it anew. */
  open(from: "start" | "end", url: string, validator: string | undefined): Promise<FileHandle>;
  sha256(): Promise<string>;
  /** Gives the file its name. */
  finish(): Promise<void>;
  remove(): Promise<void>;
}

async function orUndefined<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

export function partOf(to: string): Part {
  const path = `${to}.part`;
  const notePath = `${to}.part.json`;
  return {
    path,
    size: () => guarded("look up", path, async () => (await orUndefined(stat(path)))?.size ?? 0),
    async validator(url) {
      const text = await guarded("read", notePath, () => orUndefined(readFile(notePath, "utf8")));
      const note = noteSchema.safeParse(parseOrUndefined(text));
      return note.success && note.data.url === url ? note.data.validator : undefined;
    },
    open: (from, url, validator) =>
      guarded("write", path, async () => {
        await makeFolderOf(path);
        if (from === "end") return open(path, "a");
        // The old note goes before the old bytes do: at no moment it describes bytes that are not its own.
        await rm(notePath, { force: true });
        const handle = await open(path, "w");
        if (validator !== undefined) {
          await nodeStore.write(notePath, Buffer.from(JSON.stringify({ url, validator })));
        }
        return handle;
      }),
    sha256: () => sha256OfFile(path),
    finish: () =>
      guarded("write", to, async () => {
        await renameFile(path, to);
        await rm(notePath, { force: true });
      }),
    remove: () =>
      guarded("remove", path, async () => {
        await rm(path, { force: true });
        await rm(notePath, { force: true });
      }),
  };
}

/** A note cut off by a kill is as good as none. */
function parseOrUndefined(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
