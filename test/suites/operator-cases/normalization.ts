/** @file Cases of normalisation. */
import { layerNormalization, type normalizations } from "../../../src/graph/operators/index.ts";
import { input } from "../../../src/graph/tensor.ts";
import { type CasesOf, example, float, listed, type Misfit } from "./case.ts";

export const cases: CasesOf<typeof normalizations> = {
  LayerNormalization: [
    example("rows", [float([3, 4]), float([4]), float([4])], ([x, w, b]) => layerNormalization(x, w, b)),
    example("without a bias", [float([2, 5]), float([5])], ([x, w]) => layerNormalization(x, w)),
    example("one row", [float([4]), float([4]), float([4])], ([x, w, b]) => layerNormalization(x, w, b)),
    example("three axes", [float([2, 2, 3]), float([3]), float([3])], ([x, w, b]) =>
      layerNormalization(x, w, b),
    ),
    example("another epsilon", [float([2, 3]), float([3])], ([x, w]) =>
      layerNormalization(x, w, undefined, { epsilon: 0.125 }),
    ),
    example("equal numbers", [float([2, 3], listed([2])), float([3]), float([3])], ([x, w, b]) =>
      layerNormalization(x, w, b, { epsilon: 0.5 }),
    ),
    example("no rows", [float([0, 3]), float([3]), float([3])], ([x, w, b]) => layerNormalization(x, w, b)),
    example("names", [float(["batch", "time", 4]), float([4]), float([4])], ([x, w, b]) =>
      layerNormalization(x, w, b),
    ),
  ],
};

const x = input("x", "float32", [4, 3]);
const wide = input("w", "float32", [4]);

export const misfits: readonly Misfit[] = [
  {
    operator: "LayerNormalization",
    shapes: [x.shape, wide.shape],
    attempt: () => layerNormalization(x, wide),
  },
];
