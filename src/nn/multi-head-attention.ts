/**
 * @file Multi-head self-attention with rotary or relative positions and, if wanted, normalised queries and keys (Henry et al.
 * 2020).
 */
import { cast } from "../graph/operators/index.ts";
import type { Tensor } from "../graph/tensor.ts";
import { joinHeads, type Rows, splitHeads } from "./heads.ts";
import { type Initialiser, normal } from "./initialiser.ts";
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
  /** Distances that have a vector of their own, 0 among them; there are no relative positions unless given. */
  readonly distances?: number | undefined;
}

/** Where steps stand in time. */
export interface Places {
  /** int32 `[B, T]`, or `[1]`: that of the first */
  readonly positions: Tensor;
  readonly rotary: RotaryTables;
}

/**
 * Queries, keys and values `[B, heads, T, size]` → `[B, heads, T, size]`; with vectors of distances where positions are
 * relative.
 */
export type Attention = (queries: Tensor, keys: Tensor, values: Tensor, distances?: Tensor) => Tensor;

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
  /** `[heads, distances, size]`, the furthest first */
  readonly #distances: Tensor | undefined;

  constructor(scope: ParameterScope, options: MultiHeadAttentionOptions) {
    const { features, heads, queryKeyNorm, initialiseOutput, distances } = options;
    const size = features / heads;
    const square = { inFeatures: features, outFeatures: features, useBias: false };
    this.#options = options;
    this.#query = new Linear(scope.child("query"), square);
    this.#key = new Linear(scope.child("key"), square);
    this.#value = new Linear(scope.child("value"), square);
    this.#output = new Linear(scope.child("output"), {
      ...square,
      ...(initialiseOutput ? { initialise: initialiseOutput } : {}),
    });
    const norm = (name: string) => new RmsNorm(scope.child(name), { features: size });
    this.#norms = queryKeyNorm ? [norm("query.norm"), norm("key.norm")] : undefined;
    this.#distances =
      distances === undefined
        ? undefined
        : scope.child("distance").declare("weight", [heads, distances, size], normal(1 / Math.sqrt(size)));
  }

  /**
   * Steps `x [B · T, features]`, each of which sees what `attend` lets it see.
   *
   * @param places where steps stand; without them nothing is turned
   */
  forward(x: Tensor, rows: Rows, places: Places | undefined, attend: Attention): AttentionResult {
    const { heads } = this.#options;
    const apart = (linear: Linear) => splitHeads(linear.forward(x), rows, heads);
    const positions = places && cast(places.positions, "int64");
    const placed = (linear: Linear, norm: RmsNorm | undefined) => {
      const each = norm ? norm.forward(apart(linear)) : apart(linear);
      return places && positions ? rotate(each, positions, places.rotary) : each;
    };
    const queries = placed(this.#query, this.#norms?.[0]);
    const keys = placed(this.#key, this.#norms?.[1]);
    const values = apart(this.#value);
    const results = attend(queries, keys, values, this.#distances);
    return { output: this.#output.forward(joinHeads(results, x)), keys, values };
  }
}
