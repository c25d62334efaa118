/** @module Processors of logits: one file and one line each, in the order in which they are applied. */
import type { Past } from "../past.ts";
import type { TokenTable } from "../token-table.ts";
import { grammar } from "./grammar.ts";
import { inScale } from "./in-scale.ts";
import { longestRest } from "./longest-rest.ts";
import { minP } from "./min-p.ts";
import { mostTurns } from "./most-turns.ts";
import type { ProcessorDefinition } from "./processor.ts";
import { repetitionPenalty } from "./repetition-penalty.ts";
import { shortestTime } from "./shortest-time.ts";
import { temperature } from "./temperature.ts";
import { topK } from "./top-k.ts";
import { topP } from "./top-p.ts";

/** What is not allowed goes first, or becomes what is, so that the others count and weigh only what may come. */
export const processors = {
  "shortest-time": shortestTime,
  grammar,
  "in-scale": inScale,
  "longest-rest": longestRest,
  "most-turns": mostTurns,
  "repetition-penalty": repetitionPenalty,
  temperature,
  "top-k": topK,
  "top-p": topP,
  "min-p": minP,
} as const satisfies Readonly<Record<string, ProcessorDefinition>>;

export type ProcessorName = keyof typeof processors;

/** Configurations by name; what is not named is left out. */
export type ProcessorSettings = Readonly<Partial<Record<ProcessorName, unknown>>>;

export interface Processors {
  /** Those that shape the distribution. */
  shape(logits: Float32Array, past: Past): void;
  /** Those that then cut off what is unlikely. */
  truncate(logits: Float32Array, past: Past): void;
}

/** @throws ConfigError for a configuration that does not fit */
export function openProcessors(settings: ProcessorSettings, table: TokenTable): Processors {
  const wanted = Object.values(processors).flatMap((definition) => {
    const config = new Map<string, unknown>(Object.entries(settings)).get(definition.name);
    return config === undefined ? [] : [{ definition, processor: definition.open(config, table) }];
  });
  const all = (truncates: boolean) => {
    const chosen = wanted.flatMap(({ definition, processor }) =>
      definition.truncates === truncates ? [processor] : [],
    );
    return (logits: Float32Array, past: Past) => {
      for (const processor of chosen) processor.apply(logits, past);
    };
  };
  return { shape: all(false), truncate: all(true) };
}

export type { Processor, ProcessorDefinition } from "./processor.ts";
