/** @file A foreign line as what it stands for: our commands, in order, and what else there is to do. Nothing is done yet. */
import { findProgram } from "./find-program.ts";
import { type Flag, flagsOf } from "./flags.ts";
import { type Plan, type Program, type Surroundings, typedLine } from "./program.ts";

export interface Resolved extends Required<Omit<Plan, "later" | "log">>, Pick<Plan, "later" | "log"> {
  readonly system: string;
  /** Name of the program. */
  readonly program: string;
  /** The line, as one would type it. */
  readonly typed: string;
  /** The program's flags, where the line asks for help; then there is nothing to do. */
  readonly help: ProgramHelp | undefined;
}

export interface ProgramHelp {
  readonly summary: string;
  readonly flags: readonly Flag[];
}

export interface ResolveOptions extends Surroundings {
  /** Whose line it is, where two systems share it. */
  readonly system?: string | undefined;
}

/**
 * What a line stands for. Files are looked at (what a session leads to, which pieces a folder holds), and none is written.
 *
 * @param words the line, `python` and variables before it included
 * @throws UsageError and ConfigError in one sentence for words and values that the program does not know
 */
export async function resolve(words: readonly string[], options: ResolveOptions): Promise<Resolved> {
  const { system: wanted, ...around } = options;
  const { system, program, line, environment, wantsHelp } = findProgram(words, wanted);
  const typed = typedLine(words);
  const common = { system: system.name, program: program.names[0], typed };
  if (wantsHelp) return { ...common, ...nothing, help: helpOf(program) };
  const plan = await program.plan(line, typed, {
    ...around,
    environment: { ...around.environment, ...environment },
  });
  return { ...common, ...nothing, ...plan, help: undefined };
}

const nothing = { native: [], copies: [], texts: {}, pointers: [], remarks: [], isQuiet: false } as const;

function helpOf({ summary, syntax }: Program): ProgramHelp {
  return { summary, flags: [...flagsOf(syntax.schema).values()] };
}
