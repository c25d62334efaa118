/** @file Running a command: its platform, its output, and what an error means to whoever typed it. */
import pico from "picocolors";
import { nodePlatform } from "../platform/node/index.ts";
import { UserError } from "../util/errors.ts";
import type { CommandDefinition, Context } from "./command.ts";
import { createProgressLine } from "./progress.ts";

/** Runs a command and answers the exit code: 0, 1 for a failure, 2 for misuse. */
export async function runCommand(
  definition: CommandDefinition,
  input: unknown,
  json: boolean,
): Promise<number> {
  const progress = createProgressLine(process.stderr);
  const isColorful = pico.isColorSupported && process.stdout.isTTY === true && !json;
  const context: Context = {
    platform: nodePlatform({ report: progress.report }),
    print: (line) => {
      progress.clear();
      process.stdout.write(`${line}\n`);
    },
    remark: (line) => {
      progress.clear();
      process.stderr.write(`${line}\n`);
    },
    color: pico.createColors(isColorful),
    isColorful,
    width: process.stdout.columns ?? 80,
  };
  try {
    const outcome = await definition.invoke(input, context);
    progress.clear();
    if (json) process.stdout.write(`${JSON.stringify(outcome.json, null, 1)}\n`);
    else if (outcome.lines.length > 0) process.stdout.write(`${outcome.lines.join("\n")}\n`);
    return outcome.exitCode ?? 0;
  } catch (error) {
    progress.clear();
    return describeError(error);
  }
}

/** The user's errors are one sentence; ours keep their stack. */
export function describeError(error: unknown): number {
  if (error instanceof UserError) {
    process.stderr.write(`rubato: ${error.message}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`rubato: this is a fault of ours, please report it:\n${stack}\n`);
  return 1;
}
