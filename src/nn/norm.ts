/** @file Normalisation over the last axis: RMSNorm and LayerNorm. */
import { customGradient } from "../graph/custom-gradient.ts";
import {
  add,
  div,
  layerNormalization,
  mul,
  pow,
  reciprocal,
  reduceMean,
  sqrt,
  sub,
} from "../graph/operators/index.ts";
import type { Tensor } from "../graph/tensor.ts";
import { constantly } from "./initialiser.ts";
import type { ParameterScope } from "./parameter.ts";

/** Zhang and Sennrich (2019): x / √(mean(x²) + ε) · weight. */
export class RmsNorm {
  /** `[features]` */
  readonly weight: Tensor;
  readonly #epsilon: number;

  constructor(scope: ParameterScope, options: { readonly features: number; readonly epsilon?: number }) {
    this.weight = scope.declare("weight", [options.features], constantly(1));
    this.#epsilon = options.epsilon ?? 1e-6;
  }

  /** `[…, features]` → the same shape */
  forward(x: Tensor): Tensor {
    return mul(rmsNormalise(x, this.#epsilon), this.weight);
  }
}

/** Ba et al. (2016). */
export class LayerNorm {
  /** `[features]` each */
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly #epsilon: number;

  constructor(scope: ParameterScope, options: { readonly features: number; readonly epsilon?: number }) {
    this.weight = scope.declare("weight", [options.features], constantly(1));
    this.bias = scope.declare("bias", [options.features], constantly(0));
    this.#epsilon = options.epsilon ?? 1e-5;
  }

  forward(x: Tensor): Tensor {
    return layerNormalization(x, this.weight, this.bias, { epsilon: this.#epsilon });
  }
}

/**
 * x / √(mean(x²) + ε): of length √features along the last axis. Written with the operators in which ONNX Runtime knows
 * the pattern and puts one of its own in its place.
 */
function rmsNormalise(x: Tensor, epsilon: number): Tensor {
  const size = sqrt(add(reduceMean(pow(x, 2), -1, { keep: true }), epsilon));
  const normal = div(x, size);
  const [renamed] = customGradient([x], [normal], ([cotangent]) => {
    if (cotangent === undefined) return [undefined];
    // The part along the result does nothing but change a length that is then taken away.
    const along = reduceMean(mul(cotangent, normal), -1, { keep: true });
    return [mul(sub(cotangent, mul(normal, along)), reciprocal(size))];
  });
  return renamed;
}
