/** @file Cases of functions of one number. */
import * as operators from "../../../src/graph/operators/index.ts";
import { input, type Tensor } from "../../../src/graph/tensor.ts";
import type { DataType, Dimension } from "../../../src/onnx/model.ts";
import {
  bool,
  type CasesOf,
  example,
  float,
  type Given,
  int32,
  int64,
  listed,
  type Misfit,
  of,
  positive,
} from "./case.ts";

type Apply = (x: Tensor) => Tensor;

const onShapes = (apply: Apply, make: (shape: readonly Dimension[]) => Given = float) => [
  example("a scalar", [make([])], ([x]) => apply(x)),
  example("a matrix", [make([2, 3])], ([x]) => apply(x)),
  example("four axes", [make([2, 1, 2, 1])], ([x]) => apply(x)),
  example("nothing", [make([0, 2])], ([x]) => apply(x)),
  example("a name", [make(["batch", 2])], ([x]) => apply(x)),
];

/** Where functions flatten out. */
const farOut = (apply: Apply) =>
  example("far out", [float([6], listed([-30, -8, -3.5, 3.5, 8, 30]))], ([x]) => apply(x));

const onIntegers = (apply: Apply) => [
  example("int32", [int32([6])], ([x]) => apply(x)),
  example("int64", [int64([2, 3])], ([x]) => apply(x)),
];

const between = (apply: Apply) =>
  example(
    "halves and whole numbers",
    [float([7], listed([-2.5, -2.01, -0.5, 0.5, 1.99, 2.5, 3.25]))],
    ([x]) => apply(x),
  );

const casting = (from: Given, to: DataType) =>
  example(`${from.type} to ${to}`, [from], ([x]) => operators.cast(x, to));

const someFloats = float([6], listed([-1.75, -0.5, 0, 0.5, 2, 100.25]));
const someIntegers = listed([-3, 0, 1, 100, 127]);

export const cases: CasesOf<typeof operators.unary> = {
  Neg: [...onShapes(operators.neg), ...onIntegers(operators.neg)],
  Exp: onShapes(operators.exp),
  Log: onShapes(operators.log, positive),
  Sqrt: onShapes(operators.sqrt, positive),
  Reciprocal: onShapes(operators.reciprocal),
  Abs: [...onShapes(operators.abs), ...onIntegers(operators.abs)],
  Sign: [...onShapes(operators.sign), ...onIntegers(operators.sign)],
  Floor: [...onShapes(operators.floor), between(operators.floor)],
  Tanh: [...onShapes(operators.tanh), farOut(operators.tanh)],
  Sigmoid: [...onShapes(operators.sigmoid), farOut(operators.sigmoid)],
  Relu: [...onShapes(operators.relu), farOut(operators.relu)],
  Softplus: [...onShapes(operators.softplus), farOut(operators.softplus)],
  Erf: [...onShapes(operators.erf), farOut(operators.erf)],
  Sin: onShapes(operators.sin),
  Cos: onShapes(operators.cos),
  QuickGelu: [
    ...onShapes(operators.silu),
    farOut(operators.silu),
    example("another slope", [float([5])], (inputs) =>
      operators.unary.QuickGelu.apply(inputs, { alpha: 1.75 }),
    ),
  ],
  Cast: [
    casting(someFloats, "int32"),
    casting(someFloats, "int64"),
    casting(someFloats, "bool"),
    casting(someFloats, "float64"),
    example("a name", [float(["batch", 2])], ([x]) => operators.cast(x, "float64")),
    casting(int32([5], someIntegers), "float32"),
    casting(int32([5], someIntegers), "int64"),
    casting(int32([5], someIntegers), "bool"),
    casting(int32([3], listed([300, -1, 128])), "uint8"),
    casting(int32([3], listed([300, -1, 128])), "int8"),
    casting(int64([3], listed([2 ** 31, 2 ** 32 + 5, -7])), "int32"),
    casting(int64([5], someIntegers), "float32"),
    casting(bool([4]), "float32"),
    casting(bool([4]), "int32"),
    casting(of("int8", [3], listed([-128, 0, 127])), "float32"),
    casting(of("uint8", [3], listed([0, 1, 255])), "int32"),
  ],
};

const whole = input("i", "int32", [2, 3]);

export const misfits: readonly Misfit[] = [
  { operator: "Exp", shapes: [whole.shape], attempt: () => operators.exp(whole) },
  { operator: "QuickGelu", shapes: [whole.shape], attempt: () => operators.silu(whole) },
];
