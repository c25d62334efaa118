import { describe, expect, it } from "vitest";
import { customGradient } from "./custom-gradient.ts";
import { evaluate } from "./evaluate.ts";
import { gradient, pullback } from "./gradient.ts";
import type { Numbers } from "./numbers.ts";
import {
  add,
  cast,
  equal,
  exp,
  mul,
  neg,
  pow,
  reduceMax,
  reduceSum,
  split,
  tanh,
  where,
} from "./operators/index.ts";
import { ShapeError } from "./shape.ts";
import { constant, input, type Tensor } from "./tensor.ts";

const x = input("x", "float32", [3]);
const y = input("y", "float32", [3]);
const numbers: Numbers = { type: "float32", shape: [3], values: [0.5, -1, 2] };
const known = new Map<Tensor, Numbers>([
  [x, numbers],
  [y, { ...numbers, values: [3, 4, 5] }],
]);

const valuesOf = (tensor: Tensor) => Array.from(evaluate([tensor], known)[0].values);

describe("gradient", () => {
  it("adds up what comes from every use", () => {
    const [toX, toY] = gradient(reduceSum(add(mul(x, y), mul(x, x))), [x, y]);
    expect(valuesOf(toX)).toEqual([4, 2, 9]);
    expect(valuesOf(toY)).toEqual([0.5, -1, 2]);
  });

  it("can be taken again", () => {
    const [first] = gradient(reduceSum(pow(x, 3)), [x]);
    const [second] = gradient(reduceSum(mul(first, y)), [x]);
    expect(valuesOf(second)).toEqual([9, -24, 60]);
  });

  it("stops at targets: one within the graph hides nothing that lies behind", () => {
    const inner = exp(x);
    const [toInner, toX] = gradient(reduceSum(mul(inner, y)), [inner, x]);
    expect(valuesOf(toInner)).toEqual([3, 4, 5]);
    expect(valuesOf(toX)).toEqual([3 * Math.exp(0.5), 4 * Math.exp(-1), 5 * Math.exp(2)]);
  });

  it("of the loss itself is one", () => {
    const loss = reduceSum(x);
    expect(valuesOf(gradient(loss, [loss])[0])).toEqual([1]);
  });

  it("flows through outputs that are used, and takes the others for unused", () => {
    const [first] = split(x, [1, 2], 0);
    expect(valuesOf(gradient(reduceSum(first), [x])[0])).toEqual([1, 0, 0]);
  });

  it("does not flow through whole numbers and comparisons", () => {
    const chosen = where(equal(x, reduceMax(x)), y, constant(0));
    const [toY] = gradient(reduceSum(mul(chosen, cast(cast(x, "int32"), "float32"))), [y]);
    expect(valuesOf(toY)).toEqual([0, 0, 2]);
    expect(() => gradient(reduceSum(cast(cast(x, "int32"), "float32")), [x])).toThrow(
      "gradient: expected a tensor that the loss depends on, got [3]",
    );
  });

  it("follows one's own, where one is given", () => {
    const [renamed] = customGradient([x], [tanh(x)], ([cotangent]) => [cotangent && mul(cotangent, 7)]);
    expect(valuesOf(renamed)).toEqual(valuesOf(tanh(x)));
    expect(valuesOf(gradient(reduceSum(renamed), [x])[0])).toEqual([7, 7, 7]);
  });

  it("is of a scalar alone", () => {
    expect(() => gradient(x, [x])).toThrow("gradient: expected a scalar, got [3]");
    expect(() => gradient(reduceSum(x), [y])).toThrow(ShapeError);
  });

  it("is taken of graphs deeper than any stack", () => {
    let deep = x;
    for (let i = 0; i < 20_001; i++) deep = neg(deep);
    expect(valuesOf(gradient(reduceSum(deep), [x])[0])).toEqual([-1, -1, -1]);
  });
});

describe("pullback", () => {
  it("leaves a part for every use", () => {
    const [parts, none] = pullback([add(mul(x, y), x)], [y], [x, input("z", "float32", [3])]);
    expect(parts.map(valuesOf)).toEqual([
      [3, 4, 5],
      [9, 16, 25],
    ]);
    expect(none).toEqual([]);
  });
});
