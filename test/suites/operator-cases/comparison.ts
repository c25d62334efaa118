/** @file Cases of comparisons and choices. */
import {
  and,
  type comparison,
  equal,
  greater,
  greaterOrEqual,
  less,
  lessOrEqual,
  not,
  type Operand,
  or,
  where,
} from "../../../src/graph/operators/index.ts";
import { input, type Tensor } from "../../../src/graph/tensor.ts";
import { pairsOfShapes } from "./arithmetic.ts";
import { bool, type CasesOf, example, float, int32, int64, type Misfit, within } from "./case.ts";

type Pair = (a: Tensor, b: Operand) => Tensor;

/** Few different numbers, so that some of them are equal. */
const few = within(-1, 2);

const onNumbers = (apply: Pair) => [
  ...pairsOfShapes.map(([label, a, b]) =>
    example(label, [float(a, few), float(b, few)], ([x, y]) => apply(x, y)),
  ),
  example("int32", [int32([3, 3], few), int32([3], few)], ([x, y]) => apply(x, y)),
  example("int64", [int64([3, 3], few), int64([3], few)], ([x, y]) => apply(x, y)),
  example("a number", [float([2, 4], few)], ([x]) => apply(x, 0)),
];

const onTruths = (apply: (a: Tensor, b: Tensor) => Tensor) =>
  pairsOfShapes.map(([label, a, b]) => example(label, [bool(a), bool(b)], ([x, y]) => apply(x, y)));

export const cases: CasesOf<typeof comparison> = {
  Equal: [...onNumbers(equal), example("bool", [bool([2, 3]), bool([3])], ([x, y]) => equal(x, y))],
  Greater: onNumbers(greater),
  Less: onNumbers(less),
  GreaterOrEqual: onNumbers(greaterOrEqual),
  LessOrEqual: onNumbers(lessOrEqual),
  And: onTruths(and),
  Or: onTruths(or),
  Not: [
    example("a vector", [bool([5])], ([x]) => not(x)),
    example("a name", [bool(["batch", 2])], ([x]) => not(x)),
  ],
  Where: [
    example("one shape", [bool([2, 3]), float([2, 3]), float([2, 3])], ([c, a, b]) => where(c, a, b)),
    example("all repeated", [bool([2, 1]), float([3]), float([])], ([c, a, b]) => where(c, a, b)),
    example("a row's condition", [bool([3]), float([2, 3]), float([1, 1])], ([c, a, b]) => where(c, a, b)),
    example("int32", [bool([3]), int32([3]), int32([])], ([c, a, b]) => where(c, a, b)),
    example("int64", [bool([2, 2]), int64([2]), int64([2, 2])], ([c, a, b]) => where(c, a, b)),
    example("nothing", [bool([0]), float([0]), float([1])], ([c, a, b]) => where(c, a, b)),
    example("names", [bool(["batch", 1]), float(["batch", 3]), float([])], ([c, a, b]) => where(c, a, b)),
  ],
};

const x = input("x", "float32", [2, 3]);
const y = input("y", "float32", [4]);
const truth = input("truth", "bool", [2]);

export const misfits: readonly Misfit[] = [
  { operator: "Greater", shapes: [x.shape, y.shape], attempt: () => greater(x, y) },
  { operator: "Not", shapes: [x.shape], attempt: () => not(x) },
  { operator: "Where", shapes: [x.shape, y.shape], attempt: () => where(truth, x, y) },
  { operator: "Where", shapes: [x.shape], attempt: () => where(x, x, x) },
  { operator: "Where", shapes: [[2], [2]], attempt: () => where(truth, truth, truth) },
];
