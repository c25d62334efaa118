/** @file Embedding: a row for each class. */
import { gather } from "../graph/operators/index.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type Initialiser, normal } from "./initialiser.ts";
import type { ParameterScope } from "./parameter.ts";

export class Embedding {
  /** `[classes, features]` */
  readonly weight: Tensor;

  constructor(
    scope: ParameterScope,
    options: { readonly classes: number; readonly features: number; readonly initialise?: Initialiser },
  ) {
    this.weight = scope.declare(
      "weight",
      [options.classes, options.features],
      options.initialise ?? normal(0.02),
    );
  }

  /** Classes `[…]` (int32) → `[…, features]` */
  forward(classes: Tensor): Tensor {
    return gather(this.weight, classes);
  }
}
