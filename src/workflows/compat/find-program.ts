/** @file Which system's program a line is of: the one place where that is decided. */
import { UsageError } from "../../util/errors.ts";
import { suggestion } from "../../util/suggest.ts";
import type { Program, System } from "./program.ts";
import { type ReadLine, readLine } from "./read-line.ts";
import { systems } from "./systems/index.ts";

export interface FoundProgram {
  readonly system: System;
  readonly program: Program;
  readonly line: ReadLine;
  /** Variables that stand before the command, as a shell has them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether the line asks for help. */
  readonly wantsHelp: boolean;
}

const assignment = /^([A-Za-z_]\w*)=(.*)$/s;

/**
 * Reads a line as printed, `python` included. Of several systems with a program of that name it is the first whose flags fit;
 * `wanted` names one.
 *
 * @throws UsageError for a program or a system that nobody knows
 */
export function findProgram(words: readonly string[], wanted: string | undefined): FoundProgram {
  const environment: Record<string, string> = {};
  let rest = words[0] === "$" ? words.slice(1) : words;
  for (let match = assignment.exec(rest[0] ?? ""); match !== null; match = assignment.exec(rest[0] ?? "")) {
    environment[match[1]] = match[2];
    rest = rest.slice(1);
  }
  if (/(^|\/)(python[\d.]*|py)$/.test(rest[0] ?? "")) {
    rest = rest.slice(1);
    while (rest[0] === "-u" || rest[0] === "-W") rest = rest.slice(1);
  }
  const [command, ...given] = rest;
  const name = (command ?? "").replaceAll("\\", "/").replace(/^\.\//, "");
  const among = wanted === undefined ? systems : [systemOf(wanted)];
  const candidates = among.flatMap((system) =>
    system.programs.flatMap((program) => (program.names.includes(name) ? [{ system, program }] : [])),
  );
  if (candidates.length === 0) throw unknownProgram(name, among);
  const asksHelp = (word: string) =>
    word === "--help" || word === "-h" || word === "-help" || word === "--helpfull";
  const wantsHelp = given.some(asksHelp);
  const read = candidates.map((each) => ({
    ...each,
    line: readLine(
      each.program.syntax,
      given.filter((word) => !asksHelp(word)),
    ),
    environment,
    wantsHelp,
  }));
  return read.find(({ line }) => line.stranger === undefined) ?? read[0];
}

/** @throws UsageError for a name that no system has */
function systemOf(name: string): System {
  const found = systems.find((system) => system.name === name);
  if (found) return found;
  const names = systems.map((system) => system.name);
  throw new UsageError(
    `found --system ${name}, expected one of ${names.join(", ")}${suggestion(name, names)}`,
  );
}

function unknownProgram(name: string, among: readonly System[]): UsageError {
  const names = [...new Set(among.flatMap(({ programs }) => programs.map((program) => program.names[0])))];
  const found = name === "" ? "no command" : `the command ${name}`;
  return new UsageError(`found ${found}, expected one of ${names.join(", ")}${suggestion(name, names)}`);
}
