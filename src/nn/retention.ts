/**
 * @file A layer of gated retention: as attention of several heads, but that each has a memory of one size. Results are
 * normalised head by head, for no softmax keeps them in bounds, and gated (Sun et al. 2023).
 */
import { add, matmul, mul, neg, reshape, silu, softplus, transpose } from "../graph/operators/index.ts";
import type { Tensor } from "../graph/tensor.ts";
import { joinHeads, type Rows, splitHeads } from "./heads.ts";
import { type Initialiser, normal } from "./initialiser.ts";
import { Linear } from "./linear.ts";
import type { MultiHeadAttentionOptions } from "./multi-head-attention.ts";
import { RmsNorm } from "./norm.ts";
import type { ParameterScope } from "./parameter.ts";
import { retain } from "./retain.ts";

export type RetentionOptions = Omit<MultiHeadAttentionOptions, "distances">;

/** Logarithms of decays are so much smaller than those of a gate (Yang et al. 2024): near 1, where they matter, they are fine. */
const temperature = 16;

/** A memory that is nearly empty answers nearly nothing; divided by its own size, that would be as loud as all the rest. */
const epsilon = 1;

/** After how many steps heads have forgotten all but 1/e, when they begin: from the one to the other, in equal ratios. */
const memories = { shortest: 16, longest: 1024 } as const;

/** Of the bias, so that a gate σ(bias)^(1 / temperature) forgets in the time that its head begins with. */
const spreadMemories: Initialiser = (data) => {
  const ratio = memories.longest / memories.shortest;
  for (let head = 0; head < data.length; head++) {
    const steps = memories.shortest * ratio ** ((head + 0.5) / data.length);
    data[head] = -Math.log(Math.expm1(temperature / steps));
  }
};

export class Retention {
  readonly #options: RetentionOptions;
  readonly #query: Linear;
  readonly #key: Linear;
  readonly #value: Linear;
  readonly #gate: Linear;
  readonly #output: Linear;
  readonly #norms: readonly [query: RmsNorm, key: RmsNorm] | undefined;
  readonly #resultNorm: RmsNorm;
  /** `[features, heads]` and `[heads]` */
  readonly #decayWeight: Tensor;
  readonly #decayBias: Tensor;

  constructor(scope: ParameterScope, options: RetentionOptions) {
    const { features, heads, queryKeyNorm, initialiseOutput } = options;
    const square = { inFeatures: features, outFeatures: features, useBias: false };
    this.#options = options;
    this.#query = new Linear(scope.child("query"), square);
    this.#key = new Linear(scope.child("key"), square);
    this.#value = new Linear(scope.child("value"), square);
    this.#gate = new Linear(scope.child("gate"), square);
    this.#output = new Linear(scope.child("output"), {
      ...square,
      ...(initialiseOutput ? { initialise: initialiseOutput } : {}),
    });
    const norm = (name: string) => new RmsNorm(scope.child(name), { features: features / heads });
    this.#norms = queryKeyNorm ? [norm("query.norm"), norm("key.norm")] : undefined;
    this.#resultNorm = new RmsNorm(scope.child("result.norm"), { features: features / heads, epsilon });
    const decay = scope.child("decay");
    this.#decayWeight = decay.declare("weight", [features, heads], normal(1 / Math.sqrt(features)));
    this.#decayBias = decay.declare("bias", [heads], spreadMemories);
  }

  /**
   * Steps `x [B · T, features]`, each of which hears all before it.
   *
   * @param memory `[B, heads, size, size]`: what went before; nothing unless given
   */
  forward(
    x: Tensor,
    rows: Rows,
    memory?: Tensor,
  ): {
    /** `[B · T, features]` */
    readonly output: Tensor;
    readonly memory: Tensor;
  } {
    const { heads } = this.#options;
    const apart = (linear: Linear) => splitHeads(linear.forward(x), rows, heads);
    const normal = (each: Tensor, norm: RmsNorm | undefined) => (norm ? norm.forward(each) : each);
    const { results, memory: after } = retain(
      {
        queries: normal(apart(this.#query), this.#norms?.[0]),
        keys: normal(apart(this.#key), this.#norms?.[1]),
        values: apart(this.#value),
        logDecays: this.#logDecays(x, rows),
      },
      memory,
    );
    const together = joinHeads(this.#resultNorm.forward(results), x);
    return { output: this.#output.forward(mul(together, silu(this.#gate.forward(x)))), memory: after };
  }

  /** log σ(x · W + b) / temperature: `[B, heads, T]` */
  #logDecays(x: Tensor, { batch, steps }: Rows): Tensor {
    const gates = add(matmul(x, this.#decayWeight), this.#decayBias); // [B · T, heads]
    const logs = mul(softplus(neg(gates)), -1 / temperature);
    return transpose(reshape(logs, [batch, steps, this.#options.heads]), [0, 2, 1]);
  }
}
