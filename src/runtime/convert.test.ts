import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Numbers } from "../graph/numbers.ts";
import type { DataType } from "../onnx/model.ts";
import { toNumbers, toTensorData } from "./convert.ts";
import { RuntimeError, type TensorData } from "./session.ts";

const numbers = (type: DataType, values: readonly number[]): Numbers => ({
  type,
  shape: [values.length],
  values,
});
const there = (type: DataType, values: readonly number[]) => toTensorData(numbers(type, values));
const back = (tensor: TensorData) => Array.from(toNumbers(tensor).values);

describe("numbers and tensor data", () => {
  it.each<[DataType, readonly number[]]>([
    ["float32", [0, -0, 1.5, -Infinity, Number.NaN, 2 ** 100]],
    ["float64", [Math.PI, -5e-324, Infinity]],
    ["float16", [0, -0, 1, -2.5, 65504, 2 ** -24, Infinity, Number.NaN]],
    ["int8", [-128, 0, 127]],
    ["uint8", [0, 255]],
    ["int32", [-(2 ** 31), 2 ** 31 - 1]],
    ["int64", [-(2 ** 53), 2 ** 53, 0]],
    ["bool", [0, 1]],
  ])("come back as they were: %s", (type, values) => {
    const data = there(type, values);
    expect(data).toMatchObject({ type, shape: [values.length] });
    expect(toNumbers(data)).toMatchObject({ type, shape: [values.length] });
    expect(back(data)).toEqual(values);
  });

  it("are rounded as their type rounds", () => {
    expect(back(there("float32", [0.1]))).toEqual([Math.fround(0.1)]);
    expect(back(there("bool", [2, -1, 0]))).toEqual([1, 1, 0]);
  });

  it("are never text", () => {
    expect(() => there("string", [1])).toThrow(RuntimeError);
  });
});

describe("half precision", () => {
  const every = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);
  const values = back({ type: "float16", shape: [every.length], data: every });
  const bitsOf = (value: number) => there("float16", [value]).data[0];

  it("keeps every bit pattern but those of NaN", () => {
    const again = there("float16", values).data;
    for (const bits of every) if (!Number.isNaN(values[bits])) expect(again[bits]).toBe(bits);
    expect(Number.isNaN(values[Number(bitsOf(Number.NaN))])).toBe(true);
  });

  it("goes to the nearest one, and halfway to the even one", () => {
    const finite = values.slice(0, 0x7c00);
    fc.assert(
      fc.property(fc.nat(0x7bfe), fc.double({ min: 0, max: 1, noNaN: true }), (bits, share) => {
        const [low, high] = [finite[bits], finite[bits + 1]];
        const value = low + share * (high - low);
        const middle = (low + high) / 2;
        const even = bits % 2 === 0 ? bits : bits + 1;
        expect(bitsOf(value)).toBe(value === middle ? even : value < middle ? bits : bits + 1);
        expect(bitsOf(-middle)).toBe(0x8000 | even);
      }),
    );
  });

  it("overflows to infinity from halfway past the largest", () => {
    expect([65519, 65520, -1e9].map(bitsOf)).toEqual([0x7bff, 0x7c00, 0xfc00]);
  });
});
