import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matmul } from "./operators/index.ts";
import {
  addToSize,
  broadcast,
  commonType,
  floatType,
  frontAxis,
  knownShape,
  repeatedAxes,
  ShapeError,
  sumOfSizes,
} from "./shape.ts";
import { input } from "./tensor.ts";

function refusalOf(attempt: () => unknown): ShapeError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ShapeError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("ShapeError", () => {
  const a = input("a", "float32", [8, 64]);
  const b = input("b", "float32", [32, 128]);

  it("names the operator, both shapes, and the line that called", () => {
    const here = new Error().stack?.match(/shape\.test\.ts:(\d+)/)?.[1];
    const error = refusalOf(() => matmul(a, b));
    expect(error.operator).toBe("MatMul");
    expect(error.shapes).toEqual([
      [8, 64],
      [32, 128],
    ]);
    expect(error.message).toMatch(
      /^MatMul: expected inner sizes to agree, got \[8, 64\] and \[32, 128\] \(called at \/.*shape\.test\.ts:\d+:\d+\)$/,
    );
    expect(error.message).toContain(`shape.test.ts:${Number(here) + 1}:`);
  });

  /** The message where shapes do not fit, 20 calls deep in a file of this name. */
  const refusedWithin = (filename: string): string => {
    const source =
      "(function deep(n, act) { return n === 0 ? act('Add', [2], [3]) : [n].map(() => deep(n - 1, act))[0]; })";
    const deep: unknown = runInThisContext(source, { filename });
    if (typeof deep !== "function") throw new Error("a function was evaluated");
    return refusalOf(() => deep(20, broadcast)).message;
  };

  it("finds the line from deep within layers, and leaves the depth of stacks as it was", () => {
    const limit: unknown = Reflect.get(Error, "stackTraceLimit");
    const layer = fileURLToPath(new URL("../nn/deep.js", import.meta.url));
    expect(refusedWithin(layer)).toMatch(/shape\.test\.ts:\d+:\d+\)$/);
    expect(Reflect.get(Error, "stackTraceLimit")).toBe(limit);
  });

  it("names lines in folders that are only called like ours, and paths with spaces", () => {
    expect(refusedWithin("/home/of anna/models/nn/train.js")).toMatch(
      /\(called at \/home\/of anna\/models\/nn\/train\.js:1:\d+\)$/,
    );
  });
});

describe("broadcast", () => {
  it.each([
    { a: [], b: [], result: [] },
    { a: [2, 3], b: [3], result: [2, 3] },
    { a: [2, 1, 3], b: [4, 1], result: [2, 4, 3] },
    { a: [1], b: [0], result: [0] },
    { a: ["batch", 1], b: ["time"], result: ["batch", "time"] },
    { a: ["batch", 3], b: ["batch", 1], result: ["batch", 3] },
  ])("of $a and $b is $result, both ways round", ({ a, b, result }) => {
    expect(broadcast("Add", a, b)).toEqual(result);
    expect(broadcast("Add", b, a)).toEqual(result);
  });

  it.each([
    { a: [2], b: [3] },
    { a: [0], b: [2] },
    { a: ["batch"], b: ["time"] },
    { a: ["batch"], b: [2] },
  ])("of $a and $b is none", ({ a, b }) => {
    expect(() => broadcast("Add", a, b)).toThrow(ShapeError);
    expect(() => broadcast("Add", b, a)).toThrow(ShapeError);
  });

  it("repeats along the axes that repeatedAxes tells: dividing by them leads back", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 });
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        fc.nat(4),
        (whole, ones, cut) => {
          const own = whole.map((size, axis) => (ones[axis] ? 1 : size)).slice(Math.min(cut, whole.length));
          const result = broadcast("Add", own, whole);
          expect(result).toEqual(whole);
          const back = whole.map((size, axis) => (repeatedAxes(own, whole).includes(axis) ? 1 : size));
          const padded = [...new Array<number>(whole.length - own.length).fill(1), ...own];
          expect(back).toEqual(padded);
        },
      ),
    );
  });
});

describe("axes and sizes", () => {
  it("count from the end where negative, and are refused outside", () => {
    expect([0, 2, -1, -3].map((axis) => frontAxis("Concat", axis, [4, 5, 6]))).toEqual([0, 2, 2, 0]);
    for (const axis of [3, -4, 0.5, Number.NaN])
      expect(() => frontAxis("Concat", axis, [4, 5, 6])).toThrow(
        `Concat: expected a shape with axis ${axis}`,
      );
    expect(() => frontAxis("Concat", 0, [])).toThrow(ShapeError);
  });

  it("add up, with names in front", () => {
    expect(sumOfSizes([1, 2])).toBe(3);
    expect(sumOfSizes(["past", 1])).toBe("past + 1");
    expect(sumOfSizes([2, "past", 0, "time"])).toBe("past + time + 2");
    expect(sumOfSizes(["past", 0])).toBe("past");
  });

  it("of names can be added to again, and come back", () => {
    fc.assert(
      fc.property(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), (first, second) => {
        const both = addToSize(addToSize("past", first), second);
        expect(both).toBe(addToSize("past", first + second));
        expect(addToSize(both, -first - second)).toBe("past");
      }),
    );
  });

  it("are refused by name where numbers are needed", () => {
    expect(knownShape("Expand", [2, 3])).toEqual([2, 3]);
    expect(() => knownShape("Expand", [2, "time"])).toThrow('a size in place of the name "time"');
  });
});

describe("element types", () => {
  it("have to be one, and with fractions where asked for", () => {
    const float = input("f", "float32", [2]);
    const whole = input("i", "int32", [3]);
    expect(commonType("Add", [float, float])).toBe("float32");
    expect(() => commonType("Add", [float, whole])).toThrow(
      "Add: expected one element type instead of float32 and int32, got [2] and [3]",
    );
    expect(floatType("Exp", float)).toBe("float32");
    expect(() => floatType("Exp", whole)).toThrow("Exp: expected floating-point numbers instead of int32");
  });
});
