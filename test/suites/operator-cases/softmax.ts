/** @file Cases of softmax. */
import { logSoftmax, softmax, type softmaxes } from "../../../src/graph/operators/index.ts";
import { input, type Tensor } from "../../../src/graph/tensor.ts";
import { type CasesOf, example, float, listed, type Misfit } from "./case.ts";

const everyWay = (apply: (x: Tensor, axis: number) => Tensor) => [
  example("rows", [float([2, 4])], ([x]) => apply(x, -1)),
  example("columns", [float([3, 2])], ([x]) => apply(x, 0)),
  example("the middle axis", [float([2, 3, 2])], ([x]) => apply(x, 1)),
  example("scores", [float([1, 2, 2, 3])], ([x]) => apply(x, 3)),
  example("a single one", [float([3, 1])], ([x]) => apply(x, 1)),
  example("large numbers", [float([1, 3], listed([1000, 1001, 999]))], ([x]) => apply(x, 1)),
  example("no rows", [float([0, 3])], ([x]) => apply(x, 1)),
  example("names", [float(["batch", "time"])], ([x]) => apply(x, 1)),
];

export const cases: CasesOf<typeof softmaxes> = {
  Softmax: everyWay(softmax),
  LogSoftmax: everyWay(logSoftmax),
};

const x = input("x", "float32", [4, 3]);
const whole = input("i", "int64", [4, 3]);

export const misfits: readonly Misfit[] = [
  { operator: "Softmax", shapes: [x.shape], attempt: () => softmax(x, 2) },
  { operator: "LogSoftmax", shapes: [whole.shape], attempt: () => logSoftmax(whole, 1) },
];
