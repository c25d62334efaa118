/**
 * @file JSON files that carry their format and its version: the way up from older versions, and what is said of newer
 * ones.
 */
import { z } from "zod";
import { invariant } from "../util/errors.ts";
import { parseJson } from "../util/json.ts";
import { plainText } from "../util/text.ts";
import { CheckpointError, quoted } from "./error.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** The contents of a file of one version → those of the next. It may be handed anything; what is wrong fails later. */
export type Upgrade = (contents: JsonObject) => JsonObject;

export interface VersionedFormat<Schema extends z.ZodObject> {
  /** The word at `format`, by which the file is recognised. */
  readonly name: string;
  /** Of all that stands in the file beside `format` and `version`, in its newest version. */
  readonly contents: Schema;
  /** The first one leads from version 1 to version 2, and so on: the newest version is one more than there are. */
  readonly upgrades: readonly Upgrade[];
}

// These keys mean the same in all versions, those to come included: by them a newer file can say who wrote it.
const headerSchema = z.looseObject({ format: z.string(), version: z.int().min(1) });
const writerSchema = z.object({ provenance: z.object({ rubato: z.string() }) });

const newest = (format: VersionedFormat<z.ZodObject>) => format.upgrades.length + 1;

/** The text of a file, of the newest version. What could not be read again is not written in the first place. */
export function formatVersioned<Schema extends z.ZodObject>(
  format: VersionedFormat<Schema>,
  contents: z.input<Schema>,
): string {
  const issue = z.safeParse(format.contents, contents).error?.issues[0];
  invariant(issue === undefined, `${format.name} at ${issue?.path.join(".")}: ${issue?.message}`);
  return `${JSON.stringify({ format: format.name, version: newest(format), ...contents }, null, 2)}\n`;
}

/** Whether a text is of this format, in whatever version, damaged or not. */
export function isVersioned(format: VersionedFormat<z.ZodObject>, text: string): boolean {
  const header = z.object({ format: z.literal(format.name) });
  return header.safeParse(parseJson(text)).success;
}

/**
 * The contents of a file, checked, and brought to the newest version.
 *
 * @param path of the file, for messages.
 * @throws CheckpointError where it is no such file, is damaged, or of a version this program does not know.
 */
export function readVersioned<Schema extends z.ZodObject>(
  format: VersionedFormat<Schema>,
  text: string,
  path: string,
): z.output<Schema> {
  const json = parseJson(text);
  if (json === undefined) {
    throw new CheckpointError(
      `found ${path} that is not JSON, expected part of a checkpoint: copy it again`,
      path,
    );
  }
  const header = headerSchema.safeParse(json);
  if (!header.success || header.data.format !== format.name) {
    throw new CheckpointError(
      `found ${path} without \`format: ${format.name}\`, expected part of a checkpoint written by Rubato: give another folder`,
      path,
    );
  }
  const { format: _, version, ...contents } = header.data;
  if (version > newest(format)) {
    throw new CheckpointError(
      `found ${path} of version ${version}, expected at most ${newest(format)}: use ${writerOf(contents)}`,
      path,
    );
  }
  const upgraded = format.upgrades.slice(version - 1).reduce((older, upgrade) => upgrade(older), contents);
  return check(format.contents, upgraded, path);
}

function check<Schema extends z.ZodObject>(
  schema: Schema,
  contents: JsonObject,
  path: string,
): z.output<Schema> {
  const parsed = z.safeParse(schema, contents);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => quoted([...issue.path, key].join(".")));
    throw new CheckpointError(
      `found ${keys.join(", ")} in ${path}, which this version of Rubato does not know: use ${writerOf(contents)}`,
      path,
    );
  }
  throw new CheckpointError(
    `found ${path} damaged at ${quoted(issue.path.join("."))}, expected what Rubato writes (${issue.message}): copy it again, or write it anew`,
    path,
  );
}

function writerOf(contents: JsonObject): string {
  const writer = writerSchema.safeParse(contents);
  return writer.success
    ? `Rubato ${plainText(writer.data.provenance.rubato)}, which wrote it, or a later one`
    : "the version of Rubato that wrote it, or a later one";
}
