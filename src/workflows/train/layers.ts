/**
 * @file One configuration out of several: a preset, a file, `--set` and plain flags, each laid over the ones before. What
 * does not fit is refused with where it was written: file, line and column, or the flag.
 */
import { isMap, isNode, LineCounter, parseDocument, stringify } from "yaml";
import { z } from "zod";
import { areKin } from "../../models/index.ts";
import { ConfigError } from "../../util/errors.ts";
import { suggestion } from "../../util/suggest.ts";
import { type Configuration, configurationSchema } from "./configuration.ts";

type Path = readonly PropertyKey[];

/** Some of a configuration, and where any of it was written. */
export interface Layer {
  readonly values: unknown;
  /** "config.yaml, line 3, column 5", or "--set training.epochs=no". */
  where(path: Path): string;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The configuration of all layers together, defaults filled in.
 *
 * @throws ConfigError naming the place of what does not fit
 */
export function readLayers(layers: readonly Layer[]): Configuration {
  const merged = layers.reduce<unknown>((below, { values }) => layOver(below, values), {});
  const parsed = configurationSchema.safeParse(merged);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const path: Path = unknown === undefined ? issue.path : [...issue.path, unknown];
  const culprit = layers.findLast(({ values }) => has(values, path)) ?? layers[layers.length - 1];
  const place = culprit.where(path);
  if (unknown === undefined) {
    throw new ConfigError(`${place}: \`${path.join(".")}\`, ${issue.message}`, path);
  }
  const known = keysAt(issue.path);
  throw new ConfigError(
    `${place}: found \`${path.join(".")}\`, expected one of ${known.join(", ")}${suggestion(unknown, known)}`,
    path,
  );
}

/** Records are joined key by key; anything else is replaced. */
function layOver(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isRecord(below) || !isRecord(above)) return above;
  // Another kind of model does not take over the options of the one below, unless they are kin.
  const [{ name: wanted }, { name: had }] = [above, below];
  const replaces =
    typeof wanted === "string" && typeof had === "string" && wanted !== had && !areKin(wanted, had);
  const kept = replaces ? {} : below;
  const keys = new Set([...Object.keys(kept), ...Object.keys(above)]);
  return Object.fromEntries([...keys].map((key) => [key, layOver(kept[key], above[key])]));
}

function has(values: unknown, path: Path): boolean {
  let current = values;
  for (const key of path) {
    if (!isRecord(current) || !Object.hasOwn(current, key)) return false;
    current = current[String(key)];
  }
  return true;
}

const treeSchema = z.object({ properties: z.record(z.string(), z.unknown()).default({}) });

function keysAt(path: Path): readonly string[] {
  let schema: unknown = z.toJSONSchema(configurationSchema, { io: "input" });
  for (const key of path) schema = treeSchema.parse(schema).properties[String(key)];
  return Object.keys(treeSchema.parse(schema).properties);
}

export const presetLayer = (name: string, values: unknown): Layer => ({
  values,
  where: () => `preset ${name}`,
});

/** Values by path of what was typed as flags: `{ "training.epochs": ["--epochs 3", 3] }`. */
export function flagLayer(flags: Readonly<Record<string, readonly [typed: string, value: unknown]>>): Layer {
  const values = Object.entries(flags).reduce<unknown>(
    (below, [path, [, value]]) =>
      layOver(
        below,
        path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value),
      ),
    {},
  );
  return {
    values,
    where(path) {
      const wanted = path.join(".");
      const near = Object.keys(flags).find((each) => wanted.startsWith(each) || each.startsWith(wanted));
      return near === undefined ? "the command line" : flags[near][0];
    },
  };
}

/**
 * A YAML (or JSON) text as a layer.
 *
 * @throws ConfigError with line and column where it is not YAML, or not a mapping
 */
export function yamlLayer(text: string, file: string): Layer {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}, line ${line}, column ${col}`;
  };
  const [error] = document.errors;
  if (error) {
    throw new ConfigError(
      `${at(error.pos[0])}: ${error.message}, expected YAML such as \`training: { epochs: 3 }\``,
    );
  }
  const root = document.contents;
  if (root !== null && !isMap(root)) {
    throw new ConfigError(`${file}: found ${text.trim().slice(0, 40)}, expected a mapping of options`);
  }
  return {
    values: document.toJS() ?? {},
    where(path) {
      for (let length = path.length; length > 0; length--) {
        const found = path.slice(0, length);
        const parent = length === 1 ? root : document.getIn(found.slice(0, -1), true);
        const pair = isMap(parent)
          ? parent.items.find(({ key }) => isNode(key) && String(key) === String(found[length - 1]))
          : undefined;
        const offset = pair && isNode(pair.key) ? pair.key.range?.[0] : undefined;
        if (offset !== undefined) return at(offset);
      }
      return file;
    },
  };
}

/** `config.yaml`: all of it, in the order of the schema. */
export function formatConfiguration(configuration: Configuration, comment: string): string {
  return `${comment.replace(/^/gm, "# ")}\n${stringify(configuration)}`;
}
