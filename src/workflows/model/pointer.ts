/**
 * @file Pointer files: a small JSON under a name that somebody promised (`models/train.sess`, `vocabulary.pkl`), which says
 * where what it stands for really lies. Paths in it are those of the working folder, as all paths of commands are.
 */
import { z } from "zod";
import type { Store } from "../../platform/platform.ts";
import { parseJson } from "../../util/json.ts";

const pointerSchema = z.strictObject({
  rubato: z.literal("pointer"),
  kind: z.enum(["checkpoint", "corpus", "music"]).describe("what lies there"),
  leadsTo: z.string().min(1).describe("folder of a run, a checkpoint or a corpus, or files of music"),
  madeBy: z.string().describe("the command that wrote it"),
  config: z.string().optional().describe("the published configuration that the model has, where it has one"),
});

export type Pointer = z.output<typeof pointerSchema>;

/** More than any pointer is long: what is longer is not read. */
const longestPointer = 10_000;

/** What the file at `path` points to; undefined where there is no file, or one that is no pointer. */
export async function readPointer(
  store: Pick<Store, "stat" | "read">,
  path: string,
): Promise<Pointer | undefined> {
  const found = await store.stat(path);
  if (found?.kind !== "file" || found.size > longestPointer) return undefined;
  const json = parseJson(new TextDecoder().decode(await store.read(path)));
  return pointerSchema.safeParse(json).data;
}

export async function writePointer(
  store: Pick<Store, "write">,
  path: string,
  pointer: Omit<Pointer, "rubato">,
): Promise<void> {
  const text = `${JSON.stringify({ rubato: "pointer", ...pointer }, null, 1)}\n`;
  await store.write(path, new TextEncoder().encode(text));
}
