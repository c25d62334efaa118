/** @file Rotary positions: what they turn, and that products know of distances alone. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawNumbers, expectNumbers } from "../../test/suites/numerics.ts";
import { evaluate } from "../graph/evaluate.ts";
import { mul, reduceSum } from "../graph/operators/index.ts";
import { constant, input, type Tensor } from "../graph/tensor.ts";
import { circularTables, rotaryTables, rotate } from "./rotary.ts";

const positions = 200;
const size = 6;
const tables = rotaryTables(positions, size);
const query = input("query", "float32", [1, 2, 1, size]);
const key = input("key", "float32", [1, 2, 1, size]);
const known = drawNumbers([query, key], "rotary");
const at = (position: number) => constant([position], { type: "int64" });

describe("rotary positions", () => {
  it("make products that depend on the distance alone", () => {
    const product = (queryAt: number, keyAt: number) => {
      const turned = mul(rotate(query, at(queryAt), tables), rotate(key, at(keyAt), tables));
      return evaluate([reduceSum(turned, 3)], known)[0].values;
    };
    const near = fc.nat(99);
    fc.assert(
      fc.property(near, near, near, (queryAt, keyAt, further) => {
        const here = product(queryAt, keyAt);
        const there = product(queryAt + further, keyAt + further);
        for (const head of [0, 1]) expect(there[head]).toBeCloseTo(here[head], 5);
      }),
    );
    // And on the distance they do depend.
    expect(Math.abs(product(3, 0)[0] - product(0, 0)[0])).toBeGreaterThan(0.01);
  });

  it("turn nothing at position 0, and change no length anywhere", () => {
    const lengths = [0, 1, positions - 1].map((position) => {
      const turned = rotate(query, at(position), tables);
      return reduceSum(mul(turned, turned), 3);
    });
    const [first, second, last] = evaluate(lengths, known);
    expectNumbers([second, last], [first, first], 1e-6);
    expectNumbers(evaluate([rotate(query, at(0), tables)], known), evaluate([query], known), 1e-12);
  });

  it("turn the pair i by position / base^(2i / size)", () => {
    const ones = constant([1, 1, 1, 0, 0, 0], { shape: [1, 1, 1, 6] });
    const [{ values }] = evaluate([rotate(ones, at(7), rotaryTables(8, 6, 100))], new Map());
    const angles = [0, 1, 2].map((i) => 7 / 100 ** ((2 * i) / 6));
    const expected = [...angles.map(Math.cos), ...angles.map(Math.sin)];
    for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 6);
  });

  it("follow the first one, or are given one by one", () => {
    const x = input("x", "float32", [2, 2, 3, size]);
    const numbers = drawNumbers([x], "positions");
    const each = constant([5, 6, 7, 5, 6, 7], { type: "int64", shape: [2, 3] });
    const [followed, given] = evaluate([rotate(x, at(5), tables), rotate(x, each, tables)], numbers);
    expect(given).toEqual(followed);
  });
});

describe("rotary positions on a circle", () => {
  const circle = 96;
  const round = circularTables(3 * circle, size, circle, 100);
  const numbersOf = (table: Tensor) => Array.from(evaluate([table], new Map())[0].values);

  it("come again to the bit", () => {
    const half = size / 2;
    for (const table of [round.cosines, round.sines]) {
      const numbers = numbersOf(table);
      const first = numbers.slice(0, circle * half);
      expect(numbers).toEqual([...first, ...first, ...first]);
    }
  });

  it("turn in whole turns what turns fast, about as fast as on a line, and nothing that is slower than half a turn", () => {
    // Turns in a circle: 96 / 2π = 15.3, a 4.64th of it 3.3, and 0.7.
    const turns = [15, 3, 1];
    const angles = turns.map((count) => (2 * Math.PI * count * 7) / circle);
    const ones = constant([1, 1, 1, 0, 0, 0], { shape: [1, 1, 1, size] });
    const [{ values }] = evaluate([rotate(ones, at(7), round)], new Map());
    const expected = [...angles.map(Math.cos), ...angles.map(Math.sin)];
    for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 6);
    // 0.015 turns in a circle.
    const still = numbersOf(circularTables(circle, 4, circle, 1_000_000).sines).filter((_, i) => i % 2 === 1);
    expect(still).toEqual(new Array(circle).fill(0));
  });

  it("on a long circle are the angles of a line", () => {
    const [line, long] = [rotaryTables(50, size), circularTables(50, size, 2 ** 24)];
    expectNumbers(
      evaluate([long.cosines, long.sines], new Map()),
      evaluate([line.cosines, line.sines], new Map()),
      1e-4,
    );
  });
});
