/** @file Cases of arithmetic. */
import {
  add,
  type arithmetic,
  div,
  max,
  min,
  mul,
  type Operand,
  pow,
  sub,
} from "../../../src/graph/operators/index.ts";
import { input, type Tensor } from "../../../src/graph/tensor.ts";
import type { Dimension } from "../../../src/onnx/model.ts";
import {
  type CasesOf,
  example,
  float,
  type Given,
  int32,
  int64,
  listed,
  type Misfit,
  positive,
} from "./case.ts";

type Pair = (a: Tensor, b: Operand) => Tensor;
type Shapes = readonly [label: string, a: readonly Dimension[], b: readonly Dimension[]];

export const pairsOfShapes: readonly Shapes[] = [
  ["one shape", [2, 3], [2, 3]],
  ["scalars", [], []],
  ["a row on each row", [2, 3], [3]],
  ["a scalar on all", [2, 3], []],
  ["both repeated", [2, 1, 3], [4, 1]],
  ["axes of size 1 that stay", [1, 3], [1, 1]],
  ["four axes", [2, 1, 2, 1], [1, 3, 1, 2]],
  ["nothing", [0, 3], [3]],
  ["names", ["batch", 3], ["batch", 1]],
  ["a name against sizes", [3], ["batch", "time", 1]],
];

function onShapes(apply: Pair, make: (shape: readonly Dimension[]) => Given = float) {
  return pairsOfShapes.map(([label, a, b]) => example(label, [make(a), make(b)], ([x, y]) => apply(x, y)));
}

function onIntegers(apply: Pair, a: readonly number[], b: readonly number[]) {
  return [
    example("int32", [int32([a.length], listed(a)), int32([b.length], listed(b))], ([x, y]) => apply(x, y)),
    example("int64", [int64([a.length], listed(a)), int64([b.length], listed(b))], ([x, y]) => apply(x, y)),
  ];
}

const wrapping = (apply: Pair) =>
  example(
    "int32 that wraps around",
    [
      int32([3], listed([0x7fffffff, 0x12345679, -0x80000000])),
      int32([3], listed([3, 0x07654321, -0x7fffffff])),
    ],
    ([x, y]) => apply(x, y),
  );

const ties = (apply: Pair) =>
  example("equals", [float([3], listed([1, 2, 3])), float([3], listed([1, 1, 4]))], ([x, y]) => apply(x, y));

const withNumber = (apply: Pair, value: number) =>
  example("a number", [float([2, 2])], ([x]) => apply(x, value));

export const cases: CasesOf<typeof arithmetic> = {
  Add: [...onShapes(add), ...onIntegers(add, [1, -2, 3], [4, 5, -6]), wrapping(add), withNumber(add, 2)],
  Sub: [...onShapes(sub), ...onIntegers(sub, [1, -2, 3], [4, 5, -6]), wrapping(sub)],
  Mul: [...onShapes(mul), ...onIntegers(mul, [1, -2, 3], [4, 5, -6]), wrapping(mul), withNumber(mul, 0.5)],
  Div: [...onShapes(div), ...onIntegers(div, [7, -7, 7, -7, 6], [2, 2, -2, -2, 3])],
  Pow: [
    ...onShapes(pow, positive),
    ...onIntegers(pow, [2, -3, 5], [3, 2, 0]),
    example("negative numbers to a whole one", [float([2, 3])], ([x]) => pow(x, 3)),
  ],
  Max: [...onShapes(max), ...onIntegers(max, [1, -2, 3], [4, -5, 3]), ties(max)],
  Min: [...onShapes(min), ...onIntegers(min, [1, -2, 3], [4, -5, 3]), ties(min)],
};

const x = input("x", "float32", [2, 3]);
const y = input("y", "float32", [2, 4]);
const named = input("n", "float32", ["batch", 3]);

export const misfits: readonly Misfit[] = [
  { operator: "Add", shapes: [x.shape, y.shape], attempt: () => add(x, y) },
  { operator: "Mul", shapes: [x.shape, named.shape], attempt: () => mul(x, named) },
  {
    operator: "Sub",
    shapes: [x.shape, [2, 3]],
    attempt: () => sub(x, input("i", "int32", [2, 3])),
  },
];
