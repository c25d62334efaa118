/**
 * @file Orthogonalisation: the matrix of the same directions with all singular values near 1, which Muon steps along.
 * The seam for whoever multiplies matrices faster, and a reference in plain TypeScript.
 */
import type { NamedArray } from "../util/parameters.ts";
import { type Matrix, multiplyByTransposed, transposed } from "./product.ts";

/**
 * From U·S·Vᵀ about U·Vᵀ, for each matrix of each stack `[matrices, rows, columns]`; the results have the same shapes.
 * Singular values of at least 1/500 of a matrix's Frobenius norm come to lie between 0.68 and 1.21; a matrix of zeros
 * gives zeros. Muon hands over all matrices of a step at once, in stacks of one shape each, and waits: what it gave may
 * be overwritten and returned.
 */
export type Orthogonalise = (stacks: readonly NamedArray[]) => Promise<readonly NamedArray[]>;

/**
 * The coefficients of X ← a·X + (b·A + c·A²)·X with A = X·Xᵀ, chosen for a steep slope at zero rather than for
 * convergence to 1, and the number of rounds (Jordan et al., "Muon: an optimizer for hidden layers in neural
 * networks", 2024).
 */
export const newtonSchulz = { a: 3.4445, b: -4.775, c: 2.0315, rounds: 5, epsilon: 1e-7 } as const;

/**
 * The reference, in float64 where that of Jordan et al. computes in bfloat16. An [m, n] matrix with m ≤ n takes
 * 15·m²·n + 5·m³ multiplications and additions each: half a second for 512 × 512. So it suits small models and tests.
 */
export const orthogonaliseByNewtonSchulz: Orthogonalise = async (stacks) =>
  stacks.map(({ shape, data }) => {
    const [matrices, rows, columns] = shape;
    const size = rows * columns;
    const result = new Float32Array(data.length);
    for (let at = 0; at < matrices * size; at += size) {
      const given: Matrix = { rows, columns, data: Float64Array.from(data.subarray(at, at + size)) };
      result.set(orthogonal(given).data, at);
    }
    return { shape, data: result };
  });

function orthogonal(given: Matrix): Matrix {
  // X·Xᵀ is small where X is wide.
  const isTall = given.rows > given.columns;
  let x = isTall ? transposed(given) : given;
  divideByNorm(x.data);
  for (let round = 0; round < newtonSchulz.rounds; round++) x = improved(x);
  return isTall ? transposed(x) : x;
}

/** Singular values are at most the Frobenius norm, so that dividing by it puts them where the iteration works. */
function divideByNorm(data: Float64Array): void {
  let squares = 0;
  for (let i = 0; i < data.length; i++) squares += data[i] * data[i];
  const factor = 1 / (Math.sqrt(squares) + newtonSchulz.epsilon);
  for (let i = 0; i < data.length; i++) data[i] *= factor;
}

function improved(x: Matrix): Matrix {
  const { a, b, c } = newtonSchulz;
  const squared = multiplyByTransposed(x, x, true); // [m, m]
  const polynomial = multiplyByTransposed(squared, squared, true); // [m, m], its second side symmetric
  for (let i = 0; i < polynomial.data.length; i++) {
    polynomial.data[i] = b * squared.data[i] + c * polynomial.data[i];
  }
  const next = multiplyByTransposed(polynomial, transposed(x)); // [m, n]
  for (let i = 0; i < next.data.length; i++) next.data[i] += a * x.data[i];
  return next;
}
