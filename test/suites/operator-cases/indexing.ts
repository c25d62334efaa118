/** @file Cases of indexing. */
import {
  gather,
  gatherElements,
  type indexing,
  scatterElements,
} from "../../../src/graph/operators/index.ts";
import { input } from "../../../src/graph/tensor.ts";
import { bool, type CasesOf, example, float, int32, int64, listed, type Misfit, within } from "./case.ts";

export const cases: CasesOf<typeof indexing> = {
  Gather: [
    example("rows", [float([4, 3]), int32([2, 3], within(0, 4))], ([x, i]) => gather(x, i)),
    example("one row again and again", [float([3, 2]), int64([4], listed([1]))], ([x, i]) => gather(x, i)),
    example("places from the end", [float([4, 2]), int32([3], listed([-1, 0, -4]))], ([x, i]) =>
      gather(x, i),
    ),
    example("a single row", [float([3, 2]), int64([], within(0, 3))], ([x, i]) => gather(x, i)),
    example("numbers", [float([5]), int32([3], within(0, 5))], ([x, i]) => gather(x, i)),
    example("columns", [float([2, 4]), int32([3], within(0, 4))], ([x, i]) => gather(x, i, 1)),
    example("the middle axis", [float([2, 3, 2]), int64([2, 2], within(0, 3))], ([x, i]) => gather(x, i, -2)),
    example("one column", [float([2, 4]), int64([], within(0, 4))], ([x, i]) => gather(x, i, 1)),
    example("rows of a tall table", [float([1100, 2]), int32([4], listed([7, 1099, -1, 7]))], ([x, i]) =>
      gather(x, i),
    ),
    example("none", [float([3, 2]), int32([0], within(0, 3))], ([x, i]) => gather(x, i)),
    example("int32", [int32([3]), int32([4], within(0, 3))], ([x, i]) => gather(x, i)),
    example("int64", [int64([2, 3]), int64([2], within(0, 3))], ([x, i]) => gather(x, i, 1)),
    example("bool", [bool([4]), int32([3], within(0, 4))], ([x, i]) => gather(x, i)),
    example("names", [float([4, 2]), int32(["batch", "time"], within(0, 4))], ([x, i]) => gather(x, i)),
  ],
  GatherElements: [
    example("one of each row", [float([3, 4]), int32([3, 1], within(0, 4))], ([x, i]) =>
      gatherElements(x, i, 1),
    ),
    example("several, some twice", [float([2, 3]), int64([2, 4], within(0, 3))], ([x, i]) =>
      gatherElements(x, i, -1),
    ),
    example("fewer columns", [float([3, 4]), int64([2, 2], within(0, 3))], ([x, i]) =>
      gatherElements(x, i, 0),
    ),
    example("places from the end", [float([2, 3]), int32([2, 2], within(-3, 0))], ([x, i]) =>
      gatherElements(x, i, 1),
    ),
    example("three axes", [float([2, 3, 2]), int64([2, 2, 2], within(0, 3))], ([x, i]) =>
      gatherElements(x, i, 1),
    ),
    example("int32", [int32([2, 3]), int32([2, 1], within(0, 3))], ([x, i]) => gatherElements(x, i, 1)),
    example("names", [float(["batch", 3]), int32(["batch", 1], within(0, 3))], ([x, i]) =>
      gatherElements(x, i, 1),
    ),
  ],
  ScatterElements: [
    example("one to each row", [float([3, 4]), int32([3, 1], within(0, 4)), float([3, 1])], ([x, i, u]) =>
      scatterElements(x, i, u, 1),
    ),
    example(
      "several to one",
      [float([2, 3]), int64([2, 4], listed([1, 1, 2, 1])), float([2, 4])],
      ([x, i, u]) => scatterElements(x, i, u, -1),
    ),
    example(
      "places from the end",
      [float([4, 2]), int64([2, 2], within(-4, 0)), float([2, 2])],
      ([x, i, u]) => scatterElements(x, i, u, 0),
    ),
    example("three axes", [float([2, 3, 2]), int64([2, 2, 1], within(0, 3)), float([2, 2, 1])], ([x, i, u]) =>
      scatterElements(x, i, u, 1),
    ),
    example("int32", [int32([2, 3]), int32([2, 2], within(0, 3)), int32([2, 2])], ([x, i, u]) =>
      scatterElements(x, i, u, 1),
    ),
    example(
      "names",
      [float(["batch", 3]), int32(["batch", 1], within(0, 3)), float(["batch", 1])],
      ([x, i, u]) => scatterElements(x, i, u, 1),
    ),
  ],
};

const x = input("x", "float32", [4, 3]);
const places = input("i", "int64", [4, 2]);
const few = input("few", "float32", [4, 1]);

export const misfits: readonly Misfit[] = [
  { operator: "Gather", shapes: [few.shape], attempt: () => gather(x, few) },
  { operator: "Gather", shapes: [x.shape], attempt: () => gather(x, places, 2) },
  {
    operator: "GatherElements",
    shapes: [few.shape, places.shape],
    attempt: () => gatherElements(few, places, 0),
  },
  {
    operator: "GatherElements",
    shapes: [[5], places.shape],
    attempt: () => gatherElements(input("v", "float32", [5]), places, 0),
  },
  {
    operator: "ScatterElements",
    shapes: [places.shape, few.shape],
    attempt: () => scatterElements(x, places, few, 1),
  },
];
