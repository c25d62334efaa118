/** @file docs/reference/systems.md: no row of the requirements is missing, and every command in it can be typed. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CommandDefinition } from "../src/cli/command.ts";
import { buildCommand } from "../src/cli/options.ts";

const page = readFileSync(new URL("../docs/reference/systems.md", import.meta.url), "utf8");

/** Rows of the requirements: what five systems do. */
const mostRows = 79;

const rows = page
  .split("\n")
  .flatMap((line) => (/^\| \d{1,2} +\|/.test(line) ? [line.split("|").map((cell) => cell.trim())] : []));

const commands = [...new Set([...page.matchAll(/`(rubato [^`…]+)`/g)].map(([, command]) => command))];

/** As a shell does it: quotes hold words together. */
const wordsOf = (line: string) =>
  (line.match(/(?:"[^"]*"|[^\s"])+/g) ?? []).map((word) => word.replaceAll('"', ""));

async function definitionOf(verb: string): Promise<CommandDefinition> {
  const module: { readonly default: CommandDefinition } = await import(`../src/cli/commands/${verb}.ts`);
  return module.default;
}

describe("the page of the five systems", () => {
  it("has every row, in order, with a command or a reason", () => {
    const numbers = rows.map(([, number]) => Number(number));
    expect(numbers).toEqual(Array.from({ length: mostRows }, (_, i) => i + 1));
    for (const [, , , command, remark] of rows) {
      if (!/^`rubato /.test(command)) expect([command, remark]).toEqual(["–", expect.stringMatching(/.../)]);
    }
  });

  it.each(commands)("%s", async (line) => {
    const [, verb, ...words] = wordsOf(line);
    const definition = await definitionOf(verb);
    let heard: unknown;
    const command = buildCommand(definition, async (input) => {
      heard = input;
    });
    command.exitOverride();
    await command.parseAsync(words, { from: "user" });
    expect(heard).toBeDefined();
  });
});
