/**
 * @file The contract of a control: what is said, beside the tokens, about the music that follows: how dense, of which
 * pitch classes. A model that has learnt to listen to a control can be steered by it.
 */
import { z } from "zod";
import type { Timeline } from "../representations/index.ts";
import { readConfiguration } from "../util/configuration.ts";

export interface Control {
  readonly name: string;
  /** The configuration, with all defaults filled in: what `open` needs to make the same again. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Floats per token. */
  readonly size: number;
  /**
   * Values of a whole piece, [tokens × size]: row i describes the music from token i on. Whoever makes batches puts
   * row i + 1 beside token i, since that is the input from which token i + 1 is predicted.
   */
  compute(timeline: Timeline): Float32Array;
}

export interface ControlDefinition {
  readonly name: string;
  readonly summary: string;
  /** JSON Schema of the configuration, for help and editors. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The single door: checks a configuration and makes the control. */
  open(config?: unknown): Control;
}

export function defineControl<Schema extends z.ZodObject>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly config: Schema;
  readonly create: (config: z.output<Schema>) => Pick<Control, "size" | "compute">;
}): ControlDefinition {
  const { name, summary, config: schema, create } = definition;
  return {
    name,
    summary,
    schema: z.toJSONSchema(schema, { io: "input" }),
    open(json = {}) {
      const config = readConfiguration(schema, json, `control ${name}`);
      return Object.freeze({ ...create(config), name, config });
    },
  };
}

/**
 * Whether a value is computed at this token, rather than repeated from the one before: only where time has moved on,
 * so that the notes of a chord share one value.
 */
export function beginsMoment({ steps }: Timeline, token: number): boolean {
  return token === 0 || steps[token - 1] > 0;
}
