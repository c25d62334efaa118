/**
 * @file Reading a foreign line as its own parser would: Python's argparse, or the flags of absl. Both take `--flag value` and
 * `--flag=value`, and the last of several counts; absl's switches are also `--noflag` and `--flag=false`.
 */
import type { z } from "zod";
import { ConfigError, UsageError } from "../../util/errors.ts";
import { suggestion } from "../../util/suggest.ts";
import { type Flag, flagsOf } from "./flags.ts";

export type Manner = "argparse" | "absl";

export interface Syntax {
  readonly manner: Manner;
  readonly schema: z.ZodObject;
  /** What may stand there without a flag, in order. */
  readonly positional: readonly string[];
}

export interface ReadLine {
  /** By the keys of the schema. */
  readonly given: Readonly<Record<string, string | boolean>>;
  readonly positional: readonly string[];
  /** The first word that is no flag of the program, or one too many; undefined where everything fits. */
  readonly stranger: string | undefined;
  /** The first flag after which a value is missing. */
  readonly hungry: string | undefined;
}

const plain = (name: string) => name.replaceAll("_", "-");

const isNegativeNumber = (word: string) => /^-(\d|\.\d)/.test(word);
const isFlag = (word: string) => /^-./.test(word) && !isNegativeNumber(word);

export function readLine({ manner, schema, positional: places }: Syntax, words: readonly string[]): ReadLine {
  const byName = new Map<string, readonly [key: string, flag: Flag]>();
  for (const [key, flag] of flagsOf(schema)) {
    for (const name of flag.names) byName.set(plain(name), [key, flag]);
  }
  const given: Record<string, string | boolean> = {};
  const positional: string[] = [];
  let stranger: string | undefined;
  let hungry: string | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (!isFlag(word)) {
      positional.push(word);
      if (positional.length > places.length) stranger ??= word;
      continue;
    }
    const at = word.indexOf("=");
    const name = plain(at < 0 ? word : word.slice(0, at));
    const value = at < 0 ? undefined : word.slice(at + 1);
    const found = byName.get(name) ?? (manner === "absl" ? byName.get(`-${name}`) : undefined);
    if (found === undefined) {
      const [key, flag] = (manner === "absl" && byName.get(name.replace(/^--?no/, "--"))) || [];
      if (key !== undefined && flag?.takes === "nothing" && value === undefined) given[key] = false;
      else stranger ??= word;
      continue;
    }
    const [key, { takes }] = found;
    if (takes === "nothing") {
      const meaning = value === undefined ? true : manner === "absl" ? meaningOf(value) : undefined;
      if (meaning === undefined) stranger ??= word;
      else given[key] = meaning;
    } else if (value !== undefined) {
      given[key] = value;
    } else if (i + 1 < words.length && !isFlag(words[i + 1])) {
      given[key] = words[++i];
    } else if (takes === "either") {
      given[key] = true;
    } else {
      hungry ??= word;
    }
  }
  return { given, positional, stranger, hungry };
}

function meaningOf(value: string): boolean | undefined {
  if (/^(true|t|1|yes|y)$/i.test(value)) return true;
  return /^(false|f|0|no|n)$/i.test(value) ? false : undefined;
}

/**
 * What was typed, as values.
 *
 * @throws UsageError for words that the program does not know; ConfigError for values that are none.
 */
export function valuesOf<Schema extends z.ZodObject>(
  program: string,
  schema: Schema,
  { given, stranger, hungry }: ReadLine,
): z.output<Schema> {
  const flags = flagsOf(schema);
  if (stranger !== undefined) {
    const names = [...flags.values()].flatMap((flag) => flag.names);
    const known = names.filter((name) => name.startsWith("--")).join(", ");
    throw new UsageError(
      `found ${stranger}, which \`${program}\` does not know, expected one of ${known || "no flags"}${suggestion(stranger, names)}`,
    );
  }
  if (hungry !== undefined) {
    throw new UsageError(`found ${hungry} with nothing after it, expected a value: give one`);
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = String(issue.path[0]);
  const name = flags.get(key)?.names.at(-1) ?? key;
  throw new ConfigError(`${name}: found ${JSON.stringify(given[key])}; ${issue.message}`, issue.path);
}
