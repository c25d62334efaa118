/**
 * @file The contract of a processor: it changes the logits of the next token before one is drawn. There are two sorts: those
 * that shape the distribution, and after them those that cut off its unlikely part.
 */
import { z } from "zod";
import { readConfiguration } from "../../util/configuration.ts";
import type { Past } from "../past.ts";
import type { TokenTable } from "../token-table.ts";

export interface Processor {
  /** Changes the logits of one sequence in place; -Infinity for what must not come. At least one is left. */
  apply(logits: Float32Array, past: Past): void;
}

export interface ProcessorDefinition {
  readonly name: string;
  readonly summary: string;
  /** JSON Schema of the configuration, for help and editors. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Whether it cuts off what is unlikely: log-likelihoods are those before that. */
  readonly truncates: boolean;
  /** The single door: checks a configuration and makes the processor of one sequence or of many. */
  open(config: unknown, table: TokenTable): Processor;
}

export function defineProcessor<Schema extends z.ZodObject>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly config: Schema;
  readonly truncates: boolean;
  readonly create: (config: z.output<Schema>, table: TokenTable) => Processor;
}): ProcessorDefinition {
  const { name, summary, config: schema, truncates, create } = definition;
  return {
    name,
    summary,
    schema: z.toJSONSchema(schema, { io: "input" }),
    truncates,
    open: (json, table) => create(readConfiguration(schema, json, `processor ${name}`), table),
  };
}
