/** @file The single door for configurations as JSON: what fits its schema becomes typed, what does not is explained. */
import { z } from "zod";
import { ConfigError, invariant } from "./errors.ts";

/**
 * A configuration with its defaults filled in. Unknown keys are refused: a misspelt option must not go unnoticed.
 *
 * @param owner whose configuration it is, for the message: "representation notes".
 * @throws ConfigError where it does not fit.
 */
export function readConfiguration<Schema extends z.ZodObject>(
  schema: Schema,
  json: unknown,
  owner: string,
): z.output<Schema> {
  const known = z.strictObject(schema.shape).safeParse(json);
  // Once more as the schema itself says, for it may ask more than its keys do.
  const parsed = schema.safeParse(json);
  if (known.success && parsed.success) return parsed.data;
  const [issue] = (known.error ?? parsed.error)?.issues ?? [];
  invariant(issue, "what does not fit has an issue");
  const where = issue.path.length === 0 ? "its configuration" : `\`${issue.path.join(".")}\``;
  throw new ConfigError(`${owner}, ${where}: ${issue.message}`, issue.path);
}
