/** @file The options of a configuration, read from its JSON Schema: name, default, choices and what each is for. */
import { z } from "zod";
import type { Colors } from "./command.ts";
import { wrap } from "./wrap.ts";

/** As much of JSON Schema as configurations have. */
const optionSchema = z.object({
  description: z.string().optional(),
  default: z.unknown().optional(),
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.object({ const: z.unknown() })).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
const optionsSchema = z.object({ properties: z.record(z.string(), optionSchema).default({}) });

/** A line or more for each option: "  velocityBins=32   32 velocity classes, or 0 for none (32 or 0)". */
export function describeOptions(
  schema: unknown,
  { color, width }: { readonly color: Colors; readonly width: number },
): string[] {
  const options = Object.entries(optionsSchema.parse(schema).properties);
  const heads = options.map(([name, option]) => `${name}=${written(option.default)}`);
  // A default that is a long list stands on lines of its own, and moves nothing else to the right.
  const column = 4 + Math.max(0, ...heads.map(({ length }) => (length > longestHead ? 0 : length))) + 2;
  const indent = " ".repeat(column);
  return options.flatMap(([, option], i) => {
    const lines = wrap(`${option.description ?? ""}${choicesOf(option)}`, Math.max(40, width), indent);
    if (heads[i].length > longestHead) {
      return [...wrap(heads[i], Math.max(40, width), "    "), ...lines.map(color.dim)];
    }
    const [first = "", ...rest] = lines;
    return [`    ${heads[i]}${color.dim(first.slice(4 + heads[i].length))}`, ...rest.map(color.dim)];
  });
}

/** Characters of a name and its default that fit beside what is said of them. */
const longestHead = 32;

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function choicesOf({ type, enum: choices, anyOf, minimum, maximum }: z.output<typeof optionSchema>): string {
  if (type === "boolean") return " (true or false)";
  const values = choices ?? anyOf?.map((choice) => choice.const);
  if (values !== undefined) return ` (${values.map(written).join(" or ")})`;
  return minimum !== undefined && maximum !== undefined ? ` (${minimum} to ${maximum})` : "";
}
