/**
 * @file Tokens as text that people read and edit: a header that names the representation, then a step on each line,
 * its fields side by side. Blank lines and further lines that begin with "#" are remarks.
 */
import { ConfigError, invariant } from "../util/errors.ts";
import { suggestion } from "../util/suggest.ts";
import type { Representation } from "./representation.ts";

const heading = "# rubato tokens";
const expectedHeading = `"${heading} <representation> <configuration>" on its first line`;

export interface ReadTokens {
  readonly representation: Representation;
  readonly tokens: Int32Array;
}

/** Text of tokens that the representation knows. */
export function formatTokens(representation: Representation, tokens: Int32Array): string {
  const { name, config, fields } = representation;
  const width = fields.length;
  invariant(tokens.length % width === 0, `${tokens.length} tokens are not whole steps of ${width}`);
  const lines = [`${heading} ${name} ${JSON.stringify(config)}`];
  for (let i = 0; i < tokens.length; i += width) {
    lines.push(fields.map((_, field) => representation.describe(tokens[i + field], field)).join(" "));
  }
  return `${lines.join("\n")}\n`;
}

/**
 * Tokens of a text, and the representation its header names.
 *
 * @param open makes a representation: `openRepresentation`, which this file would otherwise have to know.
 * @throws ConfigError with the number of the line that is wrong.
 */
export function parseTokens(
  text: string,
  open: (name: string, config: unknown) => Representation,
): ReadTokens {
  const [first, ...lines] = text.split(/\r\n|\n|\r/);
  const representation = readHeading(first, open);
  const { fields } = representation;
  const ids = fields.map((field, index) => {
    const names = Array.from({ length: field.size }, (_, token) => representation.describe(token, index));
    return new Map(names.map((name, token) => [name, token]));
  });
  const tokens: number[] = [];
  lines.forEach((line, index) => {
    const names = line.split(/\s+/).filter((name) => name !== "");
    if (names.length === 0 || names[0].startsWith("#")) return;
    const fail = (problem: string): never => {
      throw new ConfigError(`tokens, line ${index + 2}: ${problem}`, [index + 2]);
    };
    if (names.length !== fields.length) {
      const expected = fields.map((field) => field.name).join(", ");
      fail(
        `found ${count(names.length, "name")}, expected ${fields.length} on each line of \`${representation.name}\`: ${expected}`,
      );
    }
    names.forEach((name, field) => {
      const token = ids[field].get(name);
      if (token !== undefined) tokens.push(token);
      else {
        const what = fields.length === 1 ? "" : ` as ${fields[field].name}`;
        const near = suggestion(name, [...ids[field].keys()]);
        fail(
          `found ${JSON.stringify(name)}${what}, expected the name of a token of \`${representation.name}\`${near}`,
        );
      }
    });
  });
  return { representation, tokens: Int32Array.from(tokens) };
}

function readHeading(line: string, open: (name: string, config: unknown) => Representation): Representation {
  const match = /^\uFEFF?# rubato tokens (\S+)(?: (.*))?$/.exec(line.trimEnd());
  if (match === null) {
    throw new ConfigError(
      `tokens, line 1: found ${JSON.stringify(line.slice(0, 60))}, expected ${expectedHeading}`,
      [1],
    );
  }
  const [, name, config] = match;
  return open(name, config === undefined ? undefined : parseConfig(config));
}

function parseConfig(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError(
      `tokens, line 1: found ${JSON.stringify(text.slice(0, 60))}, expected a configuration as JSON, such as {}`,
      [1],
    );
  }
}

const count = (number: number, unit: string) => `${number} ${unit}${number === 1 ? "" : "s"}`;
