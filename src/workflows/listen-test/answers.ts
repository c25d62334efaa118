/** @file Answers as the page exports them, read and held against the key of their kit. */
import { z } from "zod";
import type { Store } from "../../platform/platform.ts";
import { UsageError } from "../../util/errors.ts";
import { parseJson } from "../../util/json.ts";
import { faultOf } from "./fault.ts";
import type { Key } from "./key.ts";

const text = z.string().min(1);
const seconds = z.number().min(0);
const answersSchema = z.object({
  format: z.literal("rubato-listening-answers"),
  version: z.literal(1),
  kit: text,
  listener: z.object({ id: text, name: z.string() }),
  answers: z.array(
    z.object({
      trial: text,
      /** The sounds as they were shown. */
      a: text,
      b: text,
      answer: z.enum(["a", "b", "none"]),
      heard: z.object({ a: seconds, b: seconds }),
      /** From the first sight of the pair to the answer. */
      seconds,
    }),
  ),
});

export interface AnswersFile extends z.output<typeof answersSchema> {
  readonly path: string;
}

export interface ReadAnswers {
  /** One of each listener. */
  readonly files: readonly AnswersFile[];
  /** What was left out, a sentence each. */
  readonly remarks: readonly string[];
}

/**
 * The answers of all listeners; where one exported several times, the file with the most answers.
 *
 * @throws UsageError for files that are no answers, or answers of another kit; and what reading throws
 */
export async function readAnswers(
  store: Store,
  paths: readonly string[],
  { key, keyPath }: { readonly key: Key; readonly keyPath: string },
): Promise<ReadAnswers> {
  const byListener = new Map<string, AnswersFile>();
  const remarks: string[] = [];
  for (const path of new Set(await filesAt(store, paths))) {
    const file = await readFile(store, path);
    expectOfKit(file, key, keyPath);
    const before = byListener.get(file.listener.id);
    const [kept, left] =
      before === undefined || before.answers.length < file.answers.length ? [file, before] : [before, file];
    byListener.set(file.listener.id, kept);
    if (left !== undefined) {
      remarks.push(
        `${left.path} is of the same listener as ${kept.path}, which has ${kept.answers.length === left.answers.length ? "as many" : "more"} answers, and was left out`,
      );
    }
  }
  const files = [...byListener.values()];
  if (files.some(({ answers }) => answers.length > 0)) return { files, remarks };
  throw new UsageError(
    `found no answer in ${files.length === 1 ? "1 file" : `${files.length} files`}, expected at least one: let somebody listen, and export`,
  );
}

async function filesAt(store: Store, paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const stat = await store.stat(path);
    if (stat === undefined) {
      throw new UsageError(
        `found nothing at ${path}, expected answers that the page exported, or a folder of them: check the path`,
      );
    }
    if (stat.kind === "file") {
      files.push(path);
      continue;
    }
    const inside = (await store.list(path)).filter((file) => file.path.toLowerCase().endsWith(".json"));
    if (inside.length === 0) {
      throw new UsageError(
        `found no .json in ${path}, expected answers that the page exported: choose another folder`,
      );
    }
    files.push(...inside.map((file) => `${path.replace(/(?<=.)\/+$/, "")}/${file.path}`));
  }
  return files;
}

async function readFile(store: Store, path: string): Promise<AnswersFile> {
  const json = parseJson(new TextDecoder().decode(await store.read(path)));
  const parsed = answersSchema.safeParse(json);
  if (parsed.success) return { path, ...parsed.data };
  throw new UsageError(
    `found ${path}, ${faultOf(json, parsed.error)}, expected answers that the page exported: export them again, or leave the file out`,
  );
}

function expectOfKit({ path, kit, answers }: AnswersFile, key: Key, keyPath: string): void {
  if (kit !== key.kit) {
    throw new UsageError(
      `found answers to the kit ${kit} in ${path}, expected those to ${key.kit}, which is that of ${keyPath}: give the key of their kit, or leave the file out`,
    );
  }
  const trials = new Map(key.trials.map((trial) => [trial.id, [trial.a, trial.b].sort().join(" ")]));
  const met = new Set<string>();
  for (const { trial, a, b } of answers) {
    const fault = !trials.has(trial)
      ? `an answer to the pair ${trial}, which ${keyPath} does not have`
      : trials.get(trial) !== [a, b].sort().join(" ")
        ? `an answer to the pair ${trial} with other sounds than in ${keyPath}`
        : met.has(trial)
          ? `two answers to the pair ${trial}`
          : undefined;
    if (fault !== undefined) {
      throw new UsageError(
        `found ${fault} in ${path}, expected the file as the page exported it: export it again, or leave it out`,
      );
    }
    met.add(trial);
  }
}
