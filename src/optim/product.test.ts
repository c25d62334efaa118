import fc from "fast-check";
import { expect, test } from "vitest";
import { type Matrix, multiplyByTransposed, transposed } from "./product.ts";

/** Whole numbers, so that products are exact in whatever order. */
const matrix = (rows: number, columns: number) =>
  fc
    .array(fc.integer({ min: -9, max: 9 }), { minLength: rows * columns, maxLength: rows * columns })
    .map((values): Matrix => ({ rows, columns, data: Float64Array.from(values) }));

const size = fc.integer({ min: 0, max: 11 });

function multipliedNaively(left: Matrix, right: Matrix): Matrix {
  const data = Float64Array.from({ length: left.rows * right.rows }, (_, at) => {
    const [row, column] = [Math.floor(at / right.rows), at % right.rows];
    let sum = 0;
    for (let k = 0; k < left.columns; k++) {
      sum += left.data[row * left.columns + k] * right.data[column * right.columns + k];
    }
    return sum;
  });
  return { rows: left.rows, columns: right.rows, data };
}

test("left · rightᵀ, for sizes that fill tiles and sizes that do not", () => {
  const pair = fc
    .tuple(size, size, size)
    .chain(([rows, columns, inner]) => fc.tuple(matrix(rows, inner), matrix(columns, inner)));
  fc.assert(
    fc.property(pair, ([left, right]) => {
      expect(multiplyByTransposed(left, right)).toEqual(multipliedNaively(left, right));
    }),
  );
});

test("half of a symmetric product is enough", () => {
  const one = fc.tuple(size, size).chain(([rows, columns]) => matrix(rows, columns));
  fc.assert(
    fc.property(one, (x) => {
      expect(multiplyByTransposed(x, x, true)).toEqual(multipliedNaively(x, x));
    }),
  );
});

test("transposing", () => {
  const wide: Matrix = { rows: 2, columns: 3, data: Float64Array.of(1, 2, 3, 4, 5, 6) };
  expect(transposed(wide)).toEqual({ rows: 3, columns: 2, data: Float64Array.of(1, 4, 2, 5, 3, 6) });
});
