/** @file Cases of reductions. */
import {
  argMax,
  cumulativeSum,
  reduceMax,
  reduceMean,
  reduceSum,
  type reductions,
} from "../../../src/graph/operators/index.ts";
import { input, type Tensor } from "../../../src/graph/tensor.ts";
import { type CasesOf, example, float, int32, int64, listed, type Misfit } from "./case.ts";

type Reduce = (x: Tensor, axes?: number | readonly number[], options?: { readonly keep?: boolean }) => Tensor;

const everyWay = (reduce: Reduce) => [
  example("all", [float([2, 3])], ([x]) => reduce(x)),
  example("a vector", [float([4])], ([x]) => reduce(x, 0)),
  example("the last axis", [float([2, 3])], ([x]) => reduce(x, -1)),
  example("the last axis, kept", [float([2, 3])], ([x]) => reduce(x, -1, { keep: true })),
  example("the first axis", [float([2, 3])], ([x]) => reduce(x, 0)),
  example("two of four", [float([2, 3, 2, 2])], ([x]) => reduce(x, [0, 2])),
  example("two of three, kept", [float([2, 2, 3])], ([x]) => reduce(x, [1, -1], { keep: true })),
  example("an axis of size 1", [float([2, 1])], ([x]) => reduce(x, 1)),
  example("nothing", [float([0, 3])], ([x]) => reduce(x, 1)),
  example("names", [float(["batch", 3])], ([x]) => reduce(x, 1)),
];

export const cases: CasesOf<typeof reductions> = {
  ReduceSum: [
    ...everyWay(reduceSum),
    example("of nothing", [float([0, 3])], ([x]) => reduceSum(x, 0)),
    example("over a name", [float(["batch", 3])], ([x]) => reduceSum(x, 0)),
    example("int32", [int32([2, 3])], ([x]) => reduceSum(x, 1)),
    example("int64", [int64([2, 3])], ([x]) => reduceSum(x, 0, { keep: true })),
  ],
  ReduceMean: [
    ...everyWay(reduceMean),
    example("over a name", [float(["batch", 3])], ([x]) => reduceMean(x, 0)),
  ],
  ReduceMax: [
    ...everyWay(reduceMax),
    example("two equals", [float([2, 3], listed([1, 2, 2, 0, -1, 0]))], ([x]) => reduceMax(x, 1)),
    example("int32", [int32([2, 3])], ([x]) => reduceMax(x, 1)),
    example("int64", [int64([2, 3])], ([x]) => reduceMax(x, 0)),
  ],
  ArgMax: [
    example("the last axis", [float([2, 4])], ([x]) => argMax(x, -1)),
    example("the first axis, kept", [float([3, 2])], ([x]) => argMax(x, 0, { keep: true })),
    example("the middle", [float([2, 3, 2])], ([x]) => argMax(x, 1)),
    example("equals", [float([2, 3], listed([1, 2, 2, -1, -1, -1]))], ([x]) => argMax(x, 1)),
    example("int32", [int32([2, 3])], ([x]) => argMax(x, 1)),
    example("names", [float(["batch", 4])], ([x]) => argMax(x, 1)),
  ],
  CumSum: [
    ...[false, true].flatMap((exclusive) =>
      [false, true].map((reverse) =>
        example(
          `${exclusive ? "exclusive" : "inclusive"}, from the ${reverse ? "end" : "start"}`,
          [float([2, 4])],
          ([x]) => cumulativeSum(x, 1, { exclusive, reverse }),
        ),
      ),
    ),
    example("the first axis", [float([3, 2])], ([x]) => cumulativeSum(x, 0)),
    example("the middle, from the end", [float([2, 3, 2])], ([x]) => cumulativeSum(x, -2)),
    example("int32", [int32([4])], ([x]) => cumulativeSum(x, 0)),
    example("int64", [int64([2, 3])], ([x]) => cumulativeSum(x, 1, { exclusive: true })),
    example("nothing", [float([2, 0])], ([x]) => cumulativeSum(x, 1)),
    example("names", [float(["batch", "time"])], ([x]) => cumulativeSum(x, 1)),
  ],
};

const x = input("x", "float32", [2, 3]);
const whole = input("i", "int32", [2, 3]);

export const misfits: readonly Misfit[] = [
  { operator: "ReduceSum", shapes: [x.shape], attempt: () => reduceSum(x, 2) },
  { operator: "ReduceMax", shapes: [x.shape], attempt: () => reduceMax(x, -3) },
  { operator: "ReduceMean", shapes: [whole.shape], attempt: () => reduceMean(whole, 0) },
  { operator: "ArgMax", shapes: [x.shape], attempt: () => argMax(x, 2) },
  { operator: "CumSum", shapes: [x.shape], attempt: () => cumulativeSum(x, 2) },
];
