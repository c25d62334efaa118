/** @file Multi-head self-attention with rotary positions and, if wanted, normalised queries and keys (Henry et al. 2020). */
import { cast, reshape, transpose } from "../graph/operators/index.ts";
import type { Dimension, Tensor } from "../graph/tensor.ts";
import type { Initialiser } from "./initialiser.ts";
import { Linear } from "./linear.ts";
import { RmsNorm } from "./norm.ts";
import type { ParameterScope } from "./parameter.ts";
import { type RotaryTables, rotate } from "./rotary.ts";

export interface MultiHeadAttentionOptions {
  readonly features: number;
  readonly heads: number;
  /** Whether queries and keys are normalised, which keeps their products from growing. */
  readonly queryKeyNorm: boolean;
  /** Of the output's weight, which leads into the residual stream. */
  readonly initialiseOutput?: Initialiser;
}

/** How many sequences and steps the rows of a matrix `[B · T, features]` are, sequence by sequence. */
export interface Rows {
  readonly batch: Dimension;
  readonly steps: number;
}

/** Where steps stand in time. */
export interface Places {
  /** int32 `[B, T]`, or `[1]`: that of the first */
  readonly positions: Tensor;
  readonly rotary: RotaryTables;
}

/** Queries, keys and values `[B, heads, T, size]` → `[B, heads, T, size]`. */
export type Attention = (queries: Tensor, keys: Tensor, values: Tensor) => Tensor;

export interface AttentionResult {
  /** `[B · T, features]` */
  readonly output: Tensor;
  /** Of these steps, `[B, heads, T, features / heads]`: what a cache remembers. */
  readonly keys: Tensor;
  readonly values: Tensor;
}

export class MultiHeadAttention {
  readonly #options: MultiHeadAttentionOptions;
  readonly #query: Linear;
  readonly #key: Linear;
  readonly #value: Linear;
  readonly #output: Linear;
  readonly #norms: readonly [query: RmsNorm, key: RmsNorm] | undefined;

  constructor(scope: ParameterScope, options: MultiHeadAttentionOptions) {
    const { features, heads, queryKeyNorm, initialiseOutput } = options;
    const square = { inFeatures: features, outFeatures: features, useBias: false };
    this.#options = options;
    this.#query = new Linear(scope.child("query"), square);
    this.#key = new Linear(scope.child("key"), square);
    this.#value = new Linear(scope.child("value"), square);
    this.#output = new Linear(scope.child("output"), {
      ...square,
      ...(initialiseOutput ? { initialise: initialiseOutput } : {}),
    });
    const norm = (name: string) => new RmsNorm(scope.child(name), { features: features / heads });
    this.#norms = queryKeyNorm ? [norm("query.norm"), norm("key.norm")] : undefined;
  }

  /** Steps `x [B · T, features]`, each of which sees what `attend` lets it see. */
  forward(x: Tensor, rows: Rows, places: Places, attend: Attention): AttentionResult {
    const { queries, keys, values } = this.#project(x, rows, places);
    return { output: this.#join(attend(queries, keys, values), x), keys, values };
  }

  #project(x: Tensor, { batch, steps }: Rows, { positions, rotary }: Places) {
    const { heads, features } = this.#options;
    const size = features / heads;
    const apart = (linear: Linear) => {
      const projected = linear.forward(x);
      // One step lies in memory as its heads do; several have to change places with them.
      if (steps === 1) return reshape(projected, [batch, heads, 1, size]);
      return transpose(reshape(projected, [batch, steps, heads, size]), [0, 2, 1, 3]);
    };
    const places = cast(positions, "int64");
    const turned = (linear: Linear, norm: RmsNorm | undefined) => {
      const each = apart(linear);
      return rotate(norm ? norm.forward(each) : each, places, rotary);
    };
    return {
      queries: turned(this.#query, this.#norms?.[0]),
      keys: turned(this.#key, this.#norms?.[1]),
      values: apart(this.#value),
    };
  }

  /** `[B, heads, T, size]` → `[B · T, features]`, the shape of `like`. */
  #join(heads: Tensor, like: Tensor): Tensor {
    const together = heads.shape[2] === 1 ? heads : transpose(heads, [0, 2, 1, 3]);
    return this.#output.forward(reshape(together, like.shape));
  }
}
