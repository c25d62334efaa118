/**
 * @file The contract of a model: parameters, what they make of a whole window of tokens, and what they make of one token
 * and a state. A hidden state and a cache of keys and values are the same idea: what is handed to the next step.
 */
import { z } from "zod";
import type { Tensor } from "../graph/tensor.ts";
import { initialise, type ParameterSpecs } from "../nn/parameter.ts";
import type { Dimension } from "../onnx/model.ts";
import { readConfiguration } from "../util/configuration.ts";
import type { Parameters } from "../util/parameters.ts";
import type { Outcome } from "./outcome.ts";

/** One tensor of a state. */
export interface StateSpec {
  readonly type: "float32" | "int32";
  /** Sizes by number or by name: "batch", and "past" for as many steps as are remembered. */
  readonly shape: readonly Dimension[];
  /**
   * What becomes of it in a step: it is replaced by the result; or the result, as long as the steps that were made, is
   * added to it along an axis. It begins as zeros, or empty along that axis.
   *
   * Where there is a ring, no more than that many places are kept: step n of all that were ever made, counted from 0, goes
   * to place n modulo `ring`, where it overwrites the one that stood there. As long as not all places are filled, the axis
   * may be shorter, or longer than what is filled: what lies there is not looked at.
   */
  readonly update: "replace" | { readonly append: number; readonly ring?: number };
}

/** Tensors by the names of the model's state. */
export type State = Readonly<Record<string, Tensor>>;

export interface ForwardInput {
  /** int32 `[B, T]`, or `[B, T, fields]` where a step is several tokens */
  readonly tokens: Tensor;
  /** float32 `[B, T, controls]`; beside each token, what is said about the one that follows it. */
  readonly controls?: Tensor | undefined;
  /** Where the window goes on from; from the beginning unless given. */
  readonly state?: State | undefined;
  /** int32 scalar: dropout is in force, and drawn from this seed. */
  readonly dropoutSeed?: Tensor | undefined;
}

export interface StepInput {
  /** int32 `[B]`, or `[B, fields]` where a step is several tokens */
  readonly tokens: Tensor;
  /** float32 `[B, controls]` */
  readonly controls?: Tensor | undefined;
}

export interface Prediction {
  /** Of the step after each, as the model's `outcome` reads them: `[B, T, size]` of a window, `[B, size]` of a step. */
  readonly logits: Tensor;
  /** After the last token, as `StateSpec.update` says. */
  readonly state: State;
}

export interface Model {
  readonly name: string;
  /** The configuration, with all defaults filled in: what `open` needs to make the same again. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Number of distinct tokens over all fields. */
  readonly vocabularySize: number;
  /** What its predictions are of, and how they are scored. */
  readonly outcome: Outcome;
  /** Floats that condition each step; 0 where there are none. */
  readonly controls: number;
  /** Longest window, where there is one. */
  readonly context: number | undefined;
  readonly parameters: ParameterSpecs;
  /** The parameters as symbolic inputs, by name. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly state: Readonly<Record<string, StateSpec>>;
  /** @throws ShapeError for tensors that do not fit */
  forward(input: ForwardInput): Prediction;
  step(input: StepInput, state: State): Prediction;
}

/** First values of all parameters; the same seed gives the same. */
export function initialParameters(model: Model, seed: number | string): Parameters {
  return initialise(model.parameters, seed);
}

export interface ModelDefinition {
  readonly name: string;
  /** Models of one family have the same options, as far as they have them: one may take the place of another. */
  readonly family: string;
  readonly summary: string;
  /** JSON Schema of the configuration, for help and editors. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The single door: checks a configuration and makes the model. */
  open(config: unknown): Model;
}

/** What every model is told. */
export const commonConfig = {
  vocabularySize: z.int().min(2).describe("number of different tokens"),
  controls: z.int().min(0).default(0).describe("floats that condition each step, beside its token"),
  dropout: z.number().min(0).lt(1).default(0).describe("share of activations left out while training"),
};

export function defineModel<Schema extends z.ZodObject>(definition: {
  readonly name: string;
  /** Its own unless given. */
  readonly family?: string;
  readonly summary: string;
  readonly config: Schema;
  /** May answer a configuration in which what follows from the rest is written out, so that it never changes. */
  readonly create: (
    config: z.output<Schema>,
  ) => Omit<Model, "name" | "config"> & Partial<Pick<Model, "config">>;
}): ModelDefinition {
  const { name, family = name, summary, config: schema, create } = definition;
  return {
    name,
    family,
    summary,
    schema: z.toJSONSchema(schema, { io: "input" }),
    open(json) {
      const config = readConfiguration(schema, json, `model ${name}`);
      return Object.freeze({ name, config, ...create(config) });
    },
  };
}
