/** @file From a schema to options of the command line, and from what was typed to values. */
import { Argument, Command, Option } from "commander";
import { z } from "zod";
import { ConfigError } from "../util/errors.ts";
import { kebab } from "../util/text.ts";
import type { CommandDefinition } from "./command.ts";

/** As much of JSON Schema as options need. */
const propertySchema = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  items: z.object({ type: z.string().optional() }).optional(),
});
type Property = z.output<typeof propertySchema>;

function propertiesOf(schema: z.ZodObject): ReadonlyMap<string, Property> {
  const json = z
    .object({ properties: z.record(z.string(), propertySchema) })
    .parse(z.toJSONSchema(schema, { io: "input" }));
  return new Map(Object.entries(json.properties));
}

/** A commander command whose options are the schema's keys, and `--json`. */
export function buildCommand(
  definition: CommandDefinition,
  act: (input: unknown, json: boolean) => Promise<void>,
): Command {
  const properties = propertiesOf(definition.schema);
  const command = new Command(definition.name).description(definition.summary);
  if (definition.passesThrough === true) command.passThroughOptions().allowUnknownOption();
  for (const key of definition.positional) {
    const property = properties.get(key);
    const many = property?.type === "array";
    const required = definition.schema.shape[key]?.safeParse(undefined).success === false;
    const name = many ? `${key}...` : key;
    command.addArgument(new Argument(required ? `<${name}>` : `[${name}]`, property?.description));
  }
  for (const [key, property] of properties) {
    if (!definition.positional.includes(key)) command.addOption(buildOption(key, property));
  }
  command.option("--json", "print one JSON document instead of text");
  command.addHelpText("after", () => {
    const width = Math.max(...definition.examples.map(({ line }) => line.length));
    const lines = definition.examples.map(({ line, does }) => `  $ ${line.padEnd(width)}  ${does}`);
    return `\nExamples:\n${lines.join("\n")}`;
  });
  command.action(async (...received: unknown[]) => {
    const given: Record<string, unknown> = {};
    definition.positional.forEach((key, index) => {
      const words = received[index];
      // Of a list that may be left out, commander makes an empty one.
      const isLeftOut = words === undefined || (Array.isArray(words) && words.length === 0);
      if (!isLeftOut) given[key] = words;
    });
    const { json, ...options } = command.opts<Record<string, unknown>>();
    for (const [key, text] of Object.entries(options)) given[key] = convert(text, properties.get(key));
    await act(check(definition, given), json === true);
  });
  return command;
}

function buildOption(key: string, property: Property): Option {
  const flag = `--${kebab(key)}`;
  const description = property.description ?? "";
  if (property.type === "boolean") {
    // A switch that is on by default is turned off by --no-….
    return property.default === true
      ? new Option(`--no-${kebab(key)}`, description)
      : new Option(flag, description);
  }
  // A switch that may be given a text, too.
  if (Array.isArray(property.type)) return new Option(`${flag} [value]`, description);
  const isList = property.type === "array";
  const isNumber = property.type === "number" || property.type === "integer";
  const shown = property.default === undefined || isList ? "" : ` (default: ${String(property.default)})`;
  const option = new Option(`${flag} <${isNumber ? "number" : "value"}>`, `${description}${shown}`);
  if (property.enum) option.choices(property.enum);
  if (isList) option.argParser<string[]>((value, previous) => [...(previous ?? []), value]);
  return option;
}

function convert(value: unknown, property: Property | undefined): unknown {
  // What is no number stays as it was typed, so that the error can show it.
  const toNumber = (text: unknown) => {
    const number = typeof text === "string" && text.trim() !== "" ? Number(text) : Number.NaN;
    return Number.isNaN(number) ? text : number;
  };
  if (property?.type === "number" || property?.type === "integer") return toNumber(value);
  const items = property?.items?.type;
  if (Array.isArray(value) && (items === "number" || items === "integer")) return value.map(toNumber);
  return value;
}

function check(definition: CommandDefinition, given: Readonly<Record<string, unknown>>): unknown {
  const parsed = definition.schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = String(issue.path[0] ?? "");
  const name = definition.positional.includes(key) ? `<${key}>` : `--${kebab(key)}`;
  const found = given[key] === undefined ? "nothing" : JSON.stringify(given[key]);
  throw new ConfigError(
    `${name}: found ${found}; ${issue.message} (see \`rubato ${definition.name} --help\`)`,
    issue.path,
  );
}
