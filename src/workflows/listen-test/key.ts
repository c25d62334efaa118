/** @file The key of a kit: what each of its sounds is. Who listens must not have it, so it lies beside the folder of the page. */
import { z } from "zod";
import type { Store } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { parseJson } from "../../util/json.ts";
import { faultOf } from "./fault.ts";

const text = z.string().min(1);
const excerptSchema = z.object({
  id: text,
  system: text,
  file: text,
  /** Seconds from the beginning of the file, and of the excerpt. */
  from: z.number(),
  seconds: z.number(),
  sha256: text.describe("of the sound"),
});

/** Raised when a key of an older version would be misread. */
export const keyVersion = 1;
const keySchema = z.object({
  format: z.literal("rubato-listening-key"),
  version: z.literal(keyVersion),
  kit: text,
  question: text,
  seed: z.number(),
  seconds: z.number(),
  systems: z.array(z.object({ name: text, path: text })).min(2),
  excerpts: z.array(excerptSchema),
  trials: z.array(z.object({ id: text, a: text, b: text, coin: z.int() })).min(1),
});

/** Names that stand for nothing would otherwise come up in the middle of counting. */
function isClosed({ systems, excerpts, trials }: z.output<typeof keySchema>): boolean {
  const names = new Set(systems.map(({ name }) => name));
  const ids = new Set(excerpts.map(({ id }) => id));
  return (
    excerpts.every(({ system }) => names.has(system)) && trials.every(({ a, b }) => ids.has(a) && ids.has(b))
  );
}

export type Key = z.output<typeof keySchema>;

/** `kit.key.json` for `kit`. */
export const keyPathOf = (kit: string): string => `${kit}.key.json`;

export const writtenKey = (key: Key): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(key, null, 1)}\n`);

/** @throws UsageError for whatever is no key, StorageError where there is none */
export async function readKey(store: Store, path: string): Promise<Key> {
  const json = parseJson(new TextDecoder().decode(await store.read(path)));
  const parsed = keySchema.refine(isClosed, "its pairs and excerpts do not belong together").safeParse(json);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `found ${path}, ${faultOf(json, parsed.error)}, expected the key of a listening test: give the .key.json that rubato listen-test wrote beside the page`,
  );
}
