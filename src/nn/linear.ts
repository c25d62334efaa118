/** @file Linear: x · W + b. */
import { add, gemm, matmul } from "../graph/operators/index.ts";
import type { Tensor } from "../graph/tensor.ts";
import { constantly, type Initialiser, normal } from "./initialiser.ts";
import type { ParameterScope } from "./parameter.ts";

export interface LinearOptions {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly useBias?: boolean;
  /** Of the weight; normal with deviation 1 / √inFeatures unless given. Biases begin at 0. */
  readonly initialise?: Initialiser;
}

export class Linear {
  /** `[inFeatures, outFeatures]` */
  readonly weight: Tensor;
  /** `[outFeatures]` */
  readonly bias: Tensor | undefined;

  constructor(scope: ParameterScope, { inFeatures, outFeatures, useBias = true, initialise }: LinearOptions) {
    this.weight = scope.declare(
      "weight",
      [inFeatures, outFeatures],
      initialise ?? normal(1 / Math.sqrt(inFeatures)),
    );
    this.bias = useBias ? scope.declare("bias", [outFeatures], constantly(0)) : undefined;
  }

  /** `[…, inFeatures]` → `[…, outFeatures]` */
  forward(x: Tensor): Tensor {
    if (this.bias === undefined) return matmul(x, this.weight);
    return x.shape.length === 2 ? gemm(x, this.weight, this.bias) : add(matmul(x, this.weight), this.bias);
  }
}
