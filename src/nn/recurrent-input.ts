/** @file What a recurrent layer reads: classes as if they were one-hot, features, or both, times its input weights. */
import { add, gather, gemm } from "../graph/operators/index.ts";
import type { Tensor } from "../graph/tensor.ts";
import { invariant } from "../util/errors.ts";
import { type Initialiser, uniform } from "./initialiser.ts";
import type { ParameterScope } from "./parameter.ts";

export interface RecurrentSizes {
  /** How many classes there are; 0 where the layer reads features alone. */
  readonly classes?: number;
  /** How many features there are; 0 where the layer reads classes alone. */
  readonly features?: number;
  readonly hiddenSize: number;
  /** How much larger than usual the weights of features begin: for features that begin small, such as outputs of a layer below. */
  readonly featureGain?: number;
}

/** At one step `[B]` and `[B, features]`; at all of them `[T, B]` and `[T, B, features]`. */
export interface RecurrentInput {
  /** int32 */
  readonly classes?: Tensor | undefined;
  readonly features?: Tensor | undefined;
}

export class RecurrentProjection {
  /** `[classes, outFeatures]`: a row each, for the product with a one-hot vector is one of them. */
  readonly classWeight: Tensor | undefined;
  /** `[features, outFeatures]` */
  readonly featureWeight: Tensor | undefined;
  /** `[outFeatures]` */
  readonly bias: Tensor;

  constructor(
    scope: ParameterScope,
    { classes = 0, features = 0, featureGain = 1 }: RecurrentSizes,
    outFeatures: number,
    bias: Initialiser,
  ) {
    // Of unit variance: begun as small as other weights, next to nothing of the classes reaches the layers above.
    const classWeight = uniform(Math.sqrt(3));
    this.classWeight =
      classes > 0 ? scope.declare("class.weight", [classes, outFeatures], classWeight) : undefined;
    const featureWeight = uniform(featureGain * Math.sqrt(3 / features));
    this.featureWeight =
      features > 0 ? scope.declare("feature.weight", [features, outFeatures], featureWeight) : undefined;
    this.bias = scope.declare("bias", [outFeatures], bias);
  }

  /** One step: `[B, outFeatures]` */
  forward({ classes, features }: RecurrentInput): Tensor {
    const fits = (classes === undefined) === (this.classWeight === undefined);
    invariant(fits, "a layer that reads classes is given classes, and no other");
    const start = classes && this.classWeight ? add(gather(this.classWeight, classes), this.bias) : this.bias;
    return features && this.featureWeight ? gemm(features, this.featureWeight, start) : start;
  }
}

/** The sequences to scan, and how a step finds its input among their elements. */
export function sequencesOf({ classes, features }: RecurrentInput): {
  readonly sequences: readonly Tensor[];
  readonly inputAt: (elements: readonly Tensor[]) => RecurrentInput;
} {
  return {
    sequences: [...(classes ? [classes] : []), ...(features ? [features] : [])],
    inputAt: (elements) => ({
      ...(classes ? { classes: elements[0] } : {}),
      ...(features ? { features: elements[classes ? 1 : 0] } : {}),
    }),
  };
}
