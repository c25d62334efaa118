/** @file What a command is: a schema, examples, and one call. Its options and their help come from the schema. */
import type { z } from "zod";
import type { Platform } from "../platform/platform.ts";

export interface Context {
  readonly platform: Platform;
  /** Writes a line to standard output. */
  print(line: string): void;
  /** Writes a line to standard error: remarks that must not disturb what is piped on. */
  remark(line: string): void;
  /** Colours that vanish where `NO_COLOR` is set or nobody looks. */
  readonly color: Colors;
  /** Whether standard output is a terminal that shows colours. */
  readonly isColorful: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

export interface Colors {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
}

/** What a command found: as a value for `--json`, and as lines for people. */
export interface Outcome {
  readonly json: unknown;
  readonly lines: readonly string[];
  /**
   * 1 where what was looked at is broken, though the look itself went well; 3 for what is not done yet, and said so; 130 after
   * Ctrl-C; 0 if left out.
   */
  readonly exitCode?: 0 | 1 | 3 | 130;
}

export interface CommandDefinition {
  readonly name: string;
  readonly summary: string;
  /** Keys of the schema that are given without a flag, in order. */
  readonly positional: readonly string[];
  /** Whether all that follows the first word without a flag belongs to it, flags included: another program's line. */
  readonly passesThrough?: boolean;
  readonly schema: z.ZodObject;
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** Parses what was typed and runs. */
  invoke(input: unknown, context: Context): Promise<Outcome>;
}

export function defineCommand<Schema extends z.ZodObject>(
  definition: Omit<CommandDefinition, "schema" | "invoke"> & {
    readonly schema: Schema;
    readonly run: (options: z.output<Schema>, context: Context) => Promise<Outcome>;
  },
): CommandDefinition {
  const { run, schema, ...rest } = definition;
  return { ...rest, schema, invoke: (input, context) => run(schema.parse(input), context) };
}
