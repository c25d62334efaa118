/** @file Products of matrices in plain TypeScript, for where no runtime does them. */

/** Rows and columns of float64 numbers, row-major. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** Rows of either side that are multiplied at a time: 16 sums stay in registers while 8 rows are read once. */
const tile = 4;

/**
 * left · rightᵀ, of [m, k] and [n, k] to [m, n]. With both sides row-major every sum runs along two rows, without
 * jumps in memory.
 *
 * @param symmetric the result is known to be symmetric: only one half is computed, the other mirrored.
 */
export function multiplyByTransposed(left: Matrix, right: Matrix, symmetric = false): Matrix {
  const [rows, columns] = [left.rows, right.rows];
  const product: Matrix = { rows, columns, data: new Float64Array(rows * columns) };
  for (let i = 0; i < rows; i += tile) {
    const last = symmetric ? Math.min(columns, i + tile) : columns;
    for (let j = 0; j < last; j += tile) {
      if (i + tile <= rows && j + tile <= columns) multiplyTile(left, right, i, j, product);
      else multiplyEdge(left, right, i, j, product);
    }
  }
  if (symmetric) mirrorLowerHalf(product);
  return product;
}

function multiplyTile(left: Matrix, right: Matrix, i: number, j: number, product: Matrix): void {
  const length = left.columns;
  const a = left.data;
  const b = right.data;
  const [a0, a1, a2, a3] = [i * length, (i + 1) * length, (i + 2) * length, (i + 3) * length];
  const [b0, b1, b2, b3] = [j * length, (j + 1) * length, (j + 2) * length, (j + 3) * length];
  let [s00, s01, s02, s03] = [0, 0, 0, 0];
  let [s10, s11, s12, s13] = [0, 0, 0, 0];
  let [s20, s21, s22, s23] = [0, 0, 0, 0];
  let [s30, s31, s32, s33] = [0, 0, 0, 0];
  for (let k = 0; k < length; k++) {
    const y0 = b[b0 + k];
    const y1 = b[b1 + k];
    const y2 = b[b2 + k];
    const y3 = b[b3 + k];
    const x0 = a[a0 + k];
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    const x1 = a[a1 + k];
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    const x2 = a[a2 + k];
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    const x3 = a[a3 + k];
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  const { data, columns } = product;
  const at = i * columns + j;
  data.set([s00, s01, s02, s03], at);
  data.set([s10, s11, s12, s13], at + columns);
  data.set([s20, s21, s22, s23], at + 2 * columns);
  data.set([s30, s31, s32, s33], at + 3 * columns);
}

/** What is left at the right and lower edges, where a tile does not fit. */
function multiplyEdge(left: Matrix, right: Matrix, i: number, j: number, product: Matrix): void {
  const length = left.columns;
  for (let row = i; row < Math.min(i + tile, left.rows); row++) {
    for (let column = j; column < Math.min(j + tile, right.rows); column++) {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += left.data[row * length + k] * right.data[column * length + k];
      product.data[row * product.columns + column] = sum;
    }
  }
}

function mirrorLowerHalf({ rows, data }: Matrix): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) data[j * rows + i] = data[i * rows + j];
  }
}

export function transposed({ rows, columns, data }: Matrix): Matrix {
  const result = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = data[i * columns + j];
  }
  return { rows: columns, columns: rows, data: result };
}
