/** @file What a foreign program is: its names, its flags, and what a line of it stands for. */
import type { z } from "zod";
import type { Store } from "../../platform/platform.ts";
import type { Pointer } from "../model/index.ts";
import { type NativeStep, quoted } from "./native.ts";
import { type Manner, type ReadLine, type Syntax, valuesOf } from "./read-line.ts";

/** What a line may look at before it is run: nothing is written. */
export interface Surroundings {
  readonly store: Pick<Store, "stat" | "read" | "list">;
  /** Variables by name, `HOME` and `PERFORMANCE_RNN_…` among them. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where randomness begins. */
  readonly seed: string;
  /** Whether somebody chose it: then it goes before a seed of the system's own. */
  readonly isSeedChosen: boolean;
  /** `key=value`, laid over the configuration of what is trained. */
  readonly set: readonly string[];
  /** Milliseconds since 1970, for names with a date in them. */
  readonly now: number;
}

export interface PointerFile extends Pointer {
  readonly path: string;
}

export interface FileCopy {
  readonly from: string;
  readonly to: string;
}

/** What a line stands for. */
export interface Plan {
  /** One after the other. */
  readonly native: readonly NativeStep[];
  /** Files copied before anything else is done. */
  readonly copies?: readonly FileCopy[];
  /** Texts that are written before anything else is done, by path. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Small files under the names that were promised: written as soon as what they point to is there. */
  readonly pointers?: readonly PointerFile[];
  /** One sentence each: what is different, and what is done instead. */
  readonly remarks?: readonly string[];
  /** A sentence where the whole line is a thing of later: nothing is done then. */
  readonly later?: string;
  /** What was done is written here, too. */
  readonly log?: string;
  /** Whether remarks are kept back, as the line's own level of logging asks. */
  readonly isQuiet?: boolean;
}

export interface Program {
  /** What it is called in a line: a path such as "scripts/train.py", or a command. */
  readonly names: readonly string[];
  readonly summary: string;
  readonly syntax: Syntax;
  /** @throws UsageError and ConfigError in one sentence */
  plan(line: ReadLine, typed: string, surroundings: Surroundings): Promise<Plan>;
}

export interface Request<Values> {
  readonly values: Values;
  readonly positional: readonly string[];
  /** The line as it was typed. */
  readonly typed: string;
  readonly around: Surroundings;
}

export function defineProgram<Schema extends z.ZodObject>(definition: {
  readonly names: readonly string[];
  readonly summary: string;
  readonly manner: Manner;
  readonly flags: Schema;
  readonly positional?: readonly string[];
  readonly plan: (request: Request<z.output<Schema>>) => Plan | Promise<Plan>;
}): Program {
  const { names, summary, manner, flags: schema, positional = [], plan } = definition;
  return {
    names,
    summary,
    syntax: { manner, schema, positional },
    async plan(line, typed, around) {
      const values = valuesOf(names[0], schema, line);
      return plan({ values, positional: line.positional, typed, around });
    },
  };
}

export interface System {
  readonly name: string;
  readonly summary: string;
  readonly programs: readonly Program[];
}

/** "data//midi/" is "data/midi", "~/x" lies in the home folder. */
export function plainPath(path: string, { environment }: Surroundings): string {
  const { HOME: home } = environment;
  const expanded = home !== undefined && /^~(\/|$)/.test(path) ? `${home}${path.slice(1)}` : path;
  return expanded
    .replace(/\/{2,}/g, "/")
    .replace(/^(\.\/)+(?=.)/, "")
    .replace(/(?<=.)\/$/, "");
}

/** A pointer at `path`. */
export const pointer = (
  path: string,
  leadsTo: string,
  kind: Pointer["kind"],
  typed: string,
): PointerFile => ({
  path,
  rubato: "pointer",
  kind,
  leadsTo,
  madeBy: typed,
});

/** `name=value,name=value`, as absl's and 000's inline parameters are written; commas within brackets belong to a value. */
export function readPairs(text: string): readonly (readonly [name: string, value: string])[] {
  return text
    .split(/,(?![^[]*\])/)
    .filter((pair) => pair.trim() !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [pair.trim(), ""] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    });
}

export const typedLine = (words: readonly string[]): string => words.map(quoted).join(" ");
