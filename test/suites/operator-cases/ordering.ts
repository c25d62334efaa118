/** @file Cases of ordering. */
import { type orderings, topK } from "../../../src/graph/operators/index.ts";
import { input } from "../../../src/graph/tensor.ts";
import { type CasesOf, example, float, int32, int64, listed, type Misfit } from "./case.ts";

export const cases: CasesOf<typeof orderings> = {
  TopK: [
    example("two of each row", [float([3, 5])], ([x]) => Object.values(topK(x, 2))),
    example("the smallest along the first axis", [float([4, 2])], ([x]) =>
      Object.values(topK(x, 3, 0, { largest: false })),
    ),
    example("of three axes", [float([2, 4, 2])], ([x]) => Object.values(topK(x, 2, 1))),
    example("all", [float([5])], ([x]) => Object.values(topK(x, 5))),
    example("equals", [int32([2, 4], listed([1, 7, 7, 4, 6, 6, 6, 5]))], ([x]) => Object.values(topK(x, 3))),
    example("int64", [int64([6])], ([x]) => Object.values(topK(x, 2))),
    example("names", [float(["batch", 4])], ([x]) => Object.values(topK(x, 2))),
  ],
};

const x = input("x", "float32", [4, 3]);

export const misfits: readonly Misfit[] = [
  { operator: "TopK", shapes: [x.shape], attempt: () => topK(x, 4) },
  { operator: "TopK", shapes: [x.shape], attempt: () => topK(x, 1, 2) },
];
