/** @file Cases of layout. */
import {
  concat,
  expand,
  identity,
  type layout,
  pad,
  reshape,
  slice,
  split,
  transpose,
} from "../../../src/graph/operators/index.ts";
import { input } from "../../../src/graph/tensor.ts";
import { bool, type CasesOf, example, float, int32, int64, type Misfit } from "./case.ts";

export const cases: CasesOf<typeof layout> = {
  Identity: [
    example("a matrix", [float([2, 3])], ([x]) => identity(x)),
    example("a scalar", [int64([])], ([x]) => identity(x)),
  ],
  Reshape: [
    example("folded", [float([2, 6])], ([x]) => reshape(x, [2, 3, 2])),
    example("flat", [float([2, 3, 1, 2])], ([x]) => reshape(x, [12])),
    example("to a scalar", [float([1, 1])], ([x]) => reshape(x, [])),
    example("from a scalar", [float([])], ([x]) => reshape(x, [1, 1, 1])),
    example("bool", [bool([4])], ([x]) => reshape(x, [2, 2])),
    example("nothing, in its place", [float([0, 6])], ([x]) => reshape(x, [0, 2, 3])),
    example("nothing, elsewhere", [float([0, 3])], ([x]) => reshape(x, [3, 0])),
    example("a name in its place", [float(["batch", 6])], ([x]) => reshape(x, ["batch", 2, 3])),
    example("two names in their places", [float(["batch", "time", 4])], ([x]) =>
      reshape(x, ["batch", "time", 2, 2]),
    ),
    example("two names made one", [float(["batch", "time", 4])], ([x]) => reshape(x, ["batch * time", 4])),
    example("one name of two kept", [float(["batch", "time", 2])], ([x]) =>
      reshape(x, ["batch", "time * 2"]),
    ),
    example("a name with a size", [float(["batch", 3, 2])], ([x]) => reshape(x, ["batch * 3", 2])),
    example("a name divided", [float(["past", 3])], ([x]) => reshape(x, ["past / 2", 6])),
    example("a name gone", [float(["batch", 3])], ([x]) => reshape(x, [6])),
  ],
  Transpose: [
    example("a matrix", [float([2, 3])], ([x]) => transpose(x)),
    example("the last two of four", [float([2, 1, 3, 2])], ([x]) => transpose(x)),
    example("in a circle", [float([2, 3, 4])], ([x]) => transpose(x, [2, 0, 1])),
    example("heads", [int32([2, 3, 2, 2])], ([x]) => transpose(x, [0, 2, 1, 3])),
    example("names", [float(["batch", "time", 2])], ([x]) => transpose(x, [1, 2, 0])),
    example("nothing", [float([2, 0])], ([x]) => transpose(x)),
  ],
  Expand: [
    example("a scalar", [float([])], ([x]) => expand(x, [2, 3])),
    example("new axes in front", [float([3])], ([x]) => expand(x, [2, 1, 3])),
    example("axes of size 1", [float([2, 1, 1])], ([x]) => expand(x, [2, 3, 4])),
    example("into nothing", [float([1, 3])], ([x]) => expand(x, [0, 3])),
    example("int64", [int64([1, 2])], ([x]) => expand(x, [3, 2])),
    example("bool", [bool([1])], ([x]) => expand(x, [4])),
  ],
  Concat: [
    example("rows", [float([2, 3]), float([1, 3])], (tensors) => concat(tensors, 0)),
    example("the last axis of three", [float([2, 1]), float([2, 2]), float([2, 1])], (tensors) =>
      concat(tensors, -1),
    ),
    example("the middle", [float([2, 1, 2]), float([2, 2, 2])], (tensors) => concat(tensors, 1)),
    example("with nothing", [float([0, 3]), float([2, 3])], (tensors) => concat(tensors, 0)),
    example("int64", [int64([2]), int64([1])], (tensors) => concat(tensors, 0)),
    example("bool", [bool([2]), bool([1])], (tensors) => concat(tensors, 0)),
    example("what came before", [float(["batch", "past", 2]), float(["batch", 1, 2])], (tensors) =>
      concat(tensors, 1),
    ),
    example("a tensor with itself", [float([2, 2])], ([x]) => concat([x, x], 0)),
  ],
  Split: [
    example("gates", [float([2, 6])], ([x]) => split(x, [1, 3, 2], 1)),
    example("rows", [float([3, 2])], ([x]) => split(x, [2, 1], 0)),
    example("from the end", [float([2, 2, 3])], ([x]) => split(x, [1, 2], -1)),
    example("with an empty piece", [float([3])], ([x]) => split(x, [0, 3], 0)),
    example("int32", [int32([4])], ([x]) => split(x, [1, 3], 0)),
    example("names", [float(["batch", 4])], ([x]) => split(x, [2, 2], 1)),
  ],
  Slice: [
    example("rows", [float([4, 2])], ([x]) => slice(x, 0, 1, 3)),
    example("to the end", [float([2, 4])], ([x]) => slice(x, 1, 2)),
    example("from the end", [float([2, 4])], ([x]) => slice(x, -1, -3, -1)),
    example("further than there is", [float([3])], ([x]) => slice(x, 0, -10, 2)),
    example("nothing", [float([3, 2])], ([x]) => slice(x, 0, 1, 1)),
    example("int64", [int64([2, 3, 2])], ([x]) => slice(x, 1, 0, 2)),
    example("all but the first", [float(["past", 2])], ([x]) => slice(x, 0, 1)),
    example("all but the last", [float(["past", 2])], ([x]) => slice(x, 0, 0, -1)),
    example("the last of many", [float(["batch", "past"])], ([x]) => slice(x, 1, -1)),
    example("the first of many", [float(["batch", "past"])], ([x]) => slice(x, 1, 0, 2)),
  ],
  Pad: [
    example("a row before", [float([2, 3])], ([x]) => pad(x, 0, 1, 0)),
    example("on both sides", [float([2, 1, 2])], ([x]) => pad(x, 2, 1, 2)),
    example("around nothing", [float([0, 2])], ([x]) => pad(x, 0, 1, 1)),
    example("int32", [int32([2])], ([x]) => pad(x, 0, 0, 2)),
    example("a name", [float(["batch", 3])], ([x]) => pad(x, 0, 0, 1)),
  ],
};

const x = input("x", "float32", [2, 3]);
const y = input("y", "float32", [3, 4]);

export const misfits: readonly Misfit[] = [
  { operator: "Reshape", shapes: [x.shape, [4]], attempt: () => reshape(x, [4]) },
  {
    operator: "Reshape",
    shapes: [x.shape, ["a", "b"]],
    attempt: () => reshape(x, ["a", "b"]),
  },
  { operator: "Transpose", shapes: [x.shape], attempt: () => transpose(x, [0, 0]) },
  { operator: "Expand", shapes: [x.shape, [2, 4]], attempt: () => expand(x, [2, 4]) },
  { operator: "Concat", shapes: [x.shape, y.shape], attempt: () => concat([x, y], 0) },
  { operator: "Concat", shapes: [x.shape], attempt: () => concat([x, y], 2) },
  { operator: "Split", shapes: [x.shape], attempt: () => split(x, [1, 1], 1) },
  { operator: "Split", shapes: [x.shape], attempt: () => split(x, [2], 1) },
  { operator: "Slice", shapes: [x.shape], attempt: () => slice(x, 0, 2, 1) },
  { operator: "Slice", shapes: [x.shape], attempt: () => slice(x, 5, 0) },
];
