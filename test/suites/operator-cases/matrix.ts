/** @file Cases of matrix products. */
import { gemm, matmul, matrix } from "../../../src/graph/operators/index.ts";
import { input, type Tensor } from "../../../src/graph/tensor.ts";
import type { Dimension } from "../../../src/onnx/model.ts";
import { type CasesOf, example, float, int32, type Misfit } from "./case.ts";

const both = [false, true];
const ways = both.flatMap((transposeA) => both.map((transposeB) => ({ transposeA, transposeB })));
const turned = (shape: readonly Dimension[], transposed: boolean) =>
  transposed ? [...shape.slice(0, -2), ...shape.slice(-2).toReversed()] : shape;

type Way = (typeof ways)[number];
const labelOf = ({ transposeA, transposeB }: Way) =>
  `${transposeA ? "aᵀ" : "a"} · ${transposeB ? "bᵀ" : "b"}`;

const inEveryWay = (
  label: string,
  a: readonly Dimension[],
  b: readonly Dimension[],
  apply: (inputs: readonly Tensor[], way: Way) => readonly Tensor[],
) =>
  ways.map((way) =>
    example(
      `${labelOf(way)} ${label}`,
      [float(turned(a, way.transposeA)), float(turned(b, way.transposeB))],
      (inputs) => apply(inputs, way),
    ),
  );

const withAddend = (label: string, c: readonly Dimension[]) =>
  example(`plus ${label}`, [float([2, 3]), float([3, 4]), float(c)], ([a, b, sum]) => gemm(a, b, sum));

export const cases: CasesOf<typeof matrix> = {
  MatMul: [
    example("matrices", [float([2, 3]), float([3, 4])], ([a, b]) => matmul(a, b)),
    example("batches", [float([2, 2, 3]), float([2, 3, 1])], ([a, b]) => matmul(a, b)),
    example("heads", [float([2, 1, 2, 3]), float([1, 3, 3, 2])], ([a, b]) => matmul(a, b)),
    example("one on the left for a batch", [float([2, 3]), float([2, 3, 2])], ([a, b]) => matmul(a, b)),
    example("one on the right, names", [float(["batch", "time", 3]), float([3, 2])], ([a, b]) =>
      matmul(a, b),
    ),
    example("of size 1", [float([1, 1]), float([1, 1])], ([a, b]) => matmul(a, b)),
    example("nothing inside", [float([2, 0]), float([0, 3])], ([a, b]) => matmul(a, b)),
    example("int32", [int32([2, 3]), int32([3, 2])], ([a, b]) => matmul(a, b)),
  ],
  FusedMatMul: [
    ...inEveryWay("in batches", [2, 2, 3], [2, 3, 2], (inputs, way) =>
      matrix.FusedMatMul.apply(inputs, { ...way, alpha: 0.5 }),
    ),
    ...inEveryWay("of heads that repeat", [2, 1, 2, 3], [3, 3, 2], (inputs, way) =>
      matrix.FusedMatMul.apply(inputs, { ...way, alpha: 1 }),
    ),
    example("names", [float(["batch", "time", 3]), float(["batch", "past", 3])], ([a, b]) =>
      matmul(a, b, { transposeB: true, alpha: 0.5 }),
    ),
  ],
  Gemm: [
    ...inEveryWay("with a factor", [2, 3], [3, 4], (inputs, way) =>
      matrix.Gemm.apply(inputs, { ...way, alpha: 0.5, beta: 1 }),
    ),
    withAddend("a matrix", [2, 4]),
    withAddend("a row", [4]),
    withAddend("a column", [2, 1]),
    withAddend("a scalar", []),
    example("plus a multiple", [float([3, 2]), float([3, 2]), float([2, 2])], (inputs) =>
      matrix.Gemm.apply(inputs, { transposeA: true, transposeB: false, alpha: 2, beta: -0.5 }),
    ),
    example("no rows", [float([0, 2]), float([2, 3]), float([3])], ([a, b, c]) => gemm(a, b, c)),
    example("names", [float(["batch", 3]), float([3, 2]), float([2])], ([a, b, c]) => gemm(a, b, c)),
  ],
};

const x = input("x", "float32", [8, 64]);
const y = input("y", "float32", [32, 128]);
const vector = input("v", "float32", [64]);

export const misfits: readonly Misfit[] = [
  { operator: "MatMul", shapes: [x.shape, y.shape], attempt: () => matmul(x, y) },
  { operator: "MatMul", shapes: [x.shape, vector.shape], attempt: () => matmul(x, vector) },
  { operator: "Gemm", shapes: [x.shape, y.shape], attempt: () => matmul(x, y, { transposeA: true }) },
  {
    operator: "Gemm",
    shapes: [[8, 8], vector.shape],
    attempt: () => gemm(x, input("z", "float32", [64, 8]), vector),
  },
];
