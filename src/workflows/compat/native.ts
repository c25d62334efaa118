/** @file Commands of our own, as values: a workflow, its options, and the line that somebody would type. */
import { z } from "zod";
import { convertSchema } from "../convert/index.ts";
import { evaluateSchema } from "../evaluate/index.ts";
import { generateSchema } from "../generate/index.ts";
import { prepareSchema } from "../prepare/index.ts";
import { renderSchema } from "../render/index.ts";
import { runsSchema } from "../runs/index.ts";
import { trainSchema } from "../train/index.ts";

/** Which options stand without a flag, in order, is said in the commands as well; a test compares them. */
export const natives = {
  prepare: { schema: prepareSchema, positional: ["source", "more"] },
  train: { schema: trainSchema, positional: ["corpus"] },
  generate: { schema: generateSchema, positional: [] },
  evaluate: { schema: evaluateSchema, positional: ["model", "corpus"] },
  convert: { schema: convertSchema, positional: ["input", "output"] },
  render: { schema: renderSchema, positional: ["input"] },
  runs: { schema: runsSchema, positional: ["folders"] },
} as const satisfies Readonly<
  Record<string, { readonly schema: z.ZodObject; readonly positional: readonly string[] }>
>;

export type NativeName = keyof typeof natives;

type Value = string | number | boolean | readonly string[];

export interface NativeStep {
  readonly workflow: NativeName;
  /** As the workflow takes them; checked when it runs. */
  readonly options: Readonly<Record<string, Value>>;
  /** `rubato train data/processed/corpus --preset performance-rnn-torch`. */
  readonly line: string;
  /** Names that generated pieces are given afterwards, in order; their own unless said. */
  readonly names?: readonly string[];
  /** One of many files: where it cannot be read, that is told, and the others are gone on with. */
  readonly isOneOfMany?: boolean;
}

/** A step of those options that are not undefined; empty lists are left out. */
export function native(
  workflow: NativeName,
  options: Readonly<Record<string, Value | undefined>>,
  names?: readonly string[],
): NativeStep {
  const given = Object.entries(options).flatMap(([key, value]): (readonly [string, Value])[] =>
    value === undefined || (typeof value === "object" && value.length === 0) ? [] : [[key, value]],
  );
  return {
    workflow,
    options: Object.fromEntries(given),
    line: lineOf(workflow, new Map(given)),
    ...(names && { names }),
  };
}

/** One of many files. */
export const oneOfMany = (step: NativeStep): NativeStep => ({ ...step, isOneOfMany: true });

const kebab = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Quoted where a shell would take it for something else. */
export const quoted = (text: string) => (/^[\w./:@%+,=-]+$/.test(text) ? text : JSON.stringify(text));

const propertiesSchema = z.object({
  properties: z.record(z.string(), z.object({ default: z.unknown().optional() })),
});

function lineOf(workflow: NativeName, options: ReadonlyMap<string, Value>): string {
  const { schema, positional } = natives[workflow];
  const { properties } = propertiesSchema.parse(z.toJSONSchema(schema, { io: "input" }));
  const places: readonly string[] = positional;
  const words = (value: Value) => (typeof value === "object" ? value : [String(value)]).map(quoted);
  const standing = places.flatMap((key) => {
    const value = options.get(key);
    return value === undefined ? [] : words(value);
  });
  const flagged = [...options].flatMap(([key, value]) => {
    if (places.includes(key)) return [];
    const flag = `--${kebab(key)}`;
    if (value === true) return [flag];
    // A switch that is off already needs no word.
    if (value === false) return properties[key]?.default === true ? [`--no-${kebab(key)}`] : [];
    return words(value).map((word) => `${flag} ${word}`);
  });
  return [`rubato ${workflow}`, ...standing, ...flagged].join(" ");
}
