/** @file HarmonyRL's YAML, as its README has it: what it may hold, and nothing else. */
import { parseDocument } from "yaml";
import { z } from "zod";
import { ConfigError, messageOf } from "../../../util/errors.ts";
import { suggestion } from "../../../util/suggest.ts";

const count = z.int().positive();
const share = z.number().min(0).max(1);
const rate = z.number().positive();

const model = z
  .strictObject({
    embed_dim: count.optional(),
    hidden: count.optional(),
    layers: count.optional(),
    dropout: z.number().min(0).lt(1).optional(),
  })
  .optional();

export const supervisedSchema = z.strictObject({
  seed: z.int().optional(),
  data: z
    .strictObject({
      root: z.string().min(1).optional(),
      max_seq_len: z.int().min(2).optional(),
      train_ratio: z.number().gt(0).max(1).optional(),
    })
    .optional(),
  model,
  train: z
    .strictObject({
      batch_size: count.optional(),
      lr: rate.optional(),
      epochs: rate.optional(),
      clip_grad_norm: rate.optional(),
      ckpt_dir: z.string().min(1).optional(),
    })
    .optional(),
});

export const rlSchema = z.strictObject({
  seed: z.int().optional(),
  model,
  train: z.strictObject({ ckpt_dir: z.string().min(1).optional() }).optional(),
  rl: z
    .strictObject({
      episodes: count.optional(),
      rollout_len: count.optional(),
      lr: rate.optional(),
      baseline_beta: share.optional(),
      entropy_coef: z.number().min(0).optional(),
    })
    .optional(),
});

/**
 * A YAML text as one of the schemas has it.
 *
 * @throws ConfigError for what is no YAML, for keys that are not known, and for values that do not fit
 */
export function readYaml<Schema extends z.ZodObject>(
  schema: Schema,
  text: string,
  file: string,
): z.output<Schema> {
  const parsed = schema.safeParse(parseYaml(text, file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") {
    throw new ConfigError(`${file}, \`${path}\`: ${issue.message}`, issue.path);
  }
  const [key] = issue.keys;
  const known = keysAt(schema, issue.path);
  throw new ConfigError(
    `${file}: found \`${[...issue.path, key].join(".")}\`, expected one of ${known.join(", ")}${suggestion(key, known)}`,
    [...issue.path, key],
  );
}

function parseYaml(text: string, file: string): unknown {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new ConfigError(`${file}: ${messageOf(error).split("\n")[0]}, expected YAML`);
  return document.toJS() ?? {};
}

const treeSchema = z.object({ properties: z.record(z.string(), z.unknown()).default({}) });

function keysAt(schema: z.ZodObject, path: readonly PropertyKey[]): readonly string[] {
  let tree: unknown = z.toJSONSchema(schema, { io: "input" });
  for (const key of path) tree = treeSchema.parse(tree).properties[String(key)];
  return Object.keys(treeSchema.parse(tree).properties);
}
