/**
 * @file The contract of a control: what is said, beside the tokens, about the music that follows: how dense, of which
 * pitch classes. A model that has learnt to listen to a control can be steered by it.
 */
import { z } from "zod";
import type { Performance } from "../music/index.ts";
import type { Timeline } from "../representations/index.ts";
import { readConfiguration } from "../util/configuration.ts";

/** What is known of a piece beside its notes. */
export interface About {
  readonly composer?: string;
}

/** How a control is asked for: `rubato generate --density 2,8,2`. */
export interface ControlOption<Name extends string = string> {
  /** The option's name in camel case. */
  readonly name: Name;
  readonly help: string;
}

/** How it is told whether a model does what it is told: what is asked, and what is measured in the music that comes. */
export type Trial =
  | {
      readonly of: "level";
      /** As they are typed: numbers, from the least to the most. */
      readonly levels: readonly string[];
      /** In the same unit. */
      readonly measure: (performance: Performance) => number;
    }
  | {
      readonly of: "shares";
      readonly levels: readonly string[];
      /** Shares as they are told. [size] */
      readonly measure: (performance: Performance) => Float32Array;
    };

export interface Control {
  readonly name: string;
  /** The configuration, with all defaults filled in: what `open` needs to make the same again. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly option: ControlOption;
  /** Floats per token. */
  readonly size: number;
  /** What it is read from: the notes, as they go on, or what is known of a piece as a whole. */
  readonly of: "notes" | "piece";
  /** Undefined where nothing can be measured. */
  readonly trial: Trial | undefined;
  /** What a model that always has to be told something is told where nothing was said. [size] */
  readonly neutral: Float32Array;
  /**
   * Values of a whole piece, [tokens × size]: row i describes the music from token i on. Whoever makes batches puts
   * row i + 1 beside token i, since that is the input from which token i + 1 is predicted.
   */
  compute(timeline: Timeline, about?: About): Float32Array;
  /**
   * Values as people type them, one after the other in time, each [size].
   *
   * @throws UsageError for what is none
   */
  read(text: string): readonly Float32Array[];
}

/** @typeParam Name its option's name, so that programs may ask for it as `{ density: "8" }` and be checked. */
export interface ControlDefinition<Name extends string = string> {
  readonly name: string;
  readonly summary: string;
  readonly option: ControlOption<Name>;
  /** JSON Schema of the configuration, for help and editors. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The single door: checks a configuration and makes the control. */
  open(config?: unknown): Control;
}

export function defineControl<Schema extends z.ZodObject, const Name extends string>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly option: ControlOption<Name>;
  readonly config: Schema;
  readonly create: (config: z.output<Schema>) => Omit<Control, "name" | "config" | "option">;
}): ControlDefinition<Name> {
  const { name, summary, option, config: schema, create } = definition;
  return {
    name,
    summary,
    option,
    schema: z.toJSONSchema(schema, { io: "input" }),
    open(json = {}) {
      const config = readConfiguration(schema, json, `control ${name}`);
      return Object.freeze({ ...create(config), name, config, option });
    },
  };
}
