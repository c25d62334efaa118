/** @file Cases of rotary embedding. */
import { type rotaries, rotaryEmbedding } from "../../../src/graph/operators/index.ts";
import { input } from "../../../src/graph/tensor.ts";
import type { Dimension } from "../../../src/onnx/model.ts";
import { type CasesOf, example, float, type Given, int64, listed, type Misfit, within } from "./case.ts";

const turning = (
  label: string,
  x: readonly Dimension[],
  positions: Given,
  half: number,
  options: { readonly interleaved?: boolean } = {},
) =>
  example(
    label,
    [float(x), positions, float([6, half]), float([6, half])],
    ([each, at, cosines, sines]) => rotaryEmbedding(each, at, cosines, sines, options),
    { still: [2, 3] },
  );

const positions = int64([2, 3], within(0, 6));
const second = int64([1], listed([2]));

export const cases: CasesOf<typeof rotaries> = {
  RotaryEmbedding: [
    turning("heads on an axis of their own", [2, 2, 3, 4], positions, 2),
    turning("heads side by side", [2, 3, 8], positions, 2),
    turning("one head", [2, 3, 4], positions, 2),
    turning("pairs of neighbours", [2, 2, 3, 4], positions, 2, { interleaved: true }),
    turning("pairs of neighbours, side by side", [2, 3, 8], positions, 2, { interleaved: true }),
    turning("from a first position", [2, 2, 3, 4], second, 2),
    turning("from a first position, side by side", [2, 3, 8], second, 2),
    turning("a single pair", [1, 2, 2], int64([1, 2], within(0, 6)), 1),
    turning("names", ["batch", 2, "time", 4], int64(["batch", "time"], within(0, 6)), 2),
  ],
};

const x = input("x", "float32", [2, 3, 8]);
const at = input("at", "int64", [2, 3]);
const late = input("late", "int64", [2, 4]);
const table = input("table", "float32", [6, 2]);
const wide = input("wide", "float32", [6, 3]);

export const misfits: readonly Misfit[] = [
  {
    operator: "RotaryEmbedding",
    shapes: [x.shape, late.shape, table.shape, table.shape],
    attempt: () => rotaryEmbedding(x, late, table, table),
  },
  {
    operator: "RotaryEmbedding",
    shapes: [x.shape, at.shape, wide.shape, wide.shape],
    attempt: () => rotaryEmbedding(x, at, wide, wide),
  },
  {
    operator: "RotaryEmbedding",
    shapes: [table.shape, at.shape, table.shape, table.shape],
    attempt: () => rotaryEmbedding(table, at, table, table),
  },
];
