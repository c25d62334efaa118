/** @file Cases of products with weights of eight bits. */
import { type quantized, quantizedMatmul } from "../../../src/graph/operators/index.ts";
import { input } from "../../../src/graph/tensor.ts";
import type { Dimension } from "../../../src/onnx/model.ts";
import { type CasesOf, example, fixed, float, listed, type Misfit, of, positive, within } from "./case.ts";

/** Small enough for processors that add two products in 16 bits. */
const weights = (shape: readonly Dimension[]) => fixed(of("int8", shape, within(-64, 64)));
const unsigned = (shape: readonly Dimension[]) => fixed(of("uint8", shape, within(0, 128)));

/** Steps have no slope worth following, and nobody trains scales and biases that stand beside rounded weights. */
const stepped = { still: [0, 2, 3] };

export const cases: CasesOf<typeof quantized> = {
  DynamicQuantizeMatMul: [
    example(
      "one scale",
      [float([3, 8]), weights([8, 4]), fixed(positive([]))],
      ([a, w, scale]) => quantizedMatmul(a, { weights: w, scale }),
      stepped,
    ),
    example(
      "a scale for each column, and a bias",
      [float([3, 8]), weights([8, 4]), fixed(positive([4])), fixed(float([4]))],
      ([a, w, scale, bias]) => quantizedMatmul(a, { weights: w, scale }, bias),
      stepped,
    ),
    example(
      "unsigned weights with zero points",
      [float([2, 6]), unsigned([6, 3]), fixed(positive([3])), unsigned([3])],
      ([a, w, scale, zeroPoint]) => quantizedMatmul(a, { weights: w, scale, zeroPoint }),
      stepped,
    ),
    example(
      "signed weights with one zero point",
      [float([2, 6]), weights([6, 3]), fixed(positive([])), fixed(of("int8", [], listed([3])))],
      ([a, w, scale, zeroPoint]) => quantizedMatmul(a, { weights: w, scale, zeroPoint }),
      stepped,
    ),
    example(
      "three axes",
      [float([2, 2, 4]), weights([4, 3]), fixed(positive([]))],
      ([a, w, scale]) => quantizedMatmul(a, { weights: w, scale }),
      stepped,
    ),
    example(
      "positive numbers, halves among them",
      [float([1, 4], listed([0.5, 1.5, 2.5, 255])), weights([4, 2]), fixed(positive([]))],
      ([a, w, scale]) => quantizedMatmul(a, { weights: w, scale }),
      stepped,
    ),
    example(
      "zeros",
      [float([1, 4], listed([0])), weights([4, 2]), fixed(positive([]))],
      ([a, w, scale]) => quantizedMatmul(a, { weights: w, scale }),
      stepped,
    ),
    example(
      "names",
      [float(["batch", 4]), weights([4, 2]), fixed(positive([2]))],
      ([a, w, scale]) => quantizedMatmul(a, { weights: w, scale }),
      stepped,
    ),
  ],
};

const a = input("a", "float32", [2, 3]);
const w = input("w", "int8", [4, 2]);
const scale = input("scale", "float32", [3]);
const fitting = input("fitting", "int8", [3, 2]);

export const misfits: readonly Misfit[] = [
  {
    operator: "DynamicQuantizeMatMul",
    shapes: [a.shape, w.shape],
    attempt: () => quantizedMatmul(a, { weights: w, scale }),
  },
  {
    operator: "DynamicQuantizeMatMul",
    shapes: [fitting.shape, scale.shape],
    attempt: () => quantizedMatmul(a, { weights: fitting, scale }),
  },
  {
    operator: "DynamicQuantizeMatMul",
    shapes: [a.shape, a.shape],
    attempt: () => quantizedMatmul(a, { weights: a, scale }),
  },
];
