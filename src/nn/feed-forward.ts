/** @file SwiGLU (Shazeer 2020): silu(x · gate) ∘ (x · up), and down again. */
import { mul, silu } from "../graph/operators/index.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Initialiser } from "./initialiser.ts";
import { Linear } from "./linear.ts";
import type { ParameterScope } from "./parameter.ts";

export class SwiGlu {
  readonly gate: Linear;
  readonly up: Linear;
  readonly down: Linear;

  constructor(
    scope: ParameterScope,
    options: {
      readonly features: number;
      readonly hiddenSize: number;
      /** Of the way down, which leads into the residual stream. */
      readonly initialiseDown?: Initialiser;
    },
  ) {
    const { features, hiddenSize, initialiseDown } = options;
    const wide = { inFeatures: features, outFeatures: hiddenSize, useBias: false };
    this.gate = new Linear(scope.child("gate"), wide);
    this.up = new Linear(scope.child("up"), wide);
    this.down = new Linear(scope.child("down"), {
      inFeatures: hiddenSize,
      outFeatures: features,
      useBias: false,
      ...(initialiseDown ? { initialise: initialiseDown } : {}),
    });
  }

  /** `[…, features]` → the same shape */
  forward(x: Tensor): Tensor {
    return this.down.forward(mul(silu(this.gate.forward(x)), this.up.forward(x)));
  }
}
