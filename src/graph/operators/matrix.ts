/** @file Matrix products: plain, in batches, transposed in passing, and with something added. */
import type { Dimension } from "../../onnx/model.ts";
import { flag, float } from "../encoding.ts";
import { type Numbers, offsetsOf, repeatedStrides, sizeOf, stridesOf, take } from "../numbers.ts";
import { defineOperator } from "../operator.ts";
import { broadcast, commonType, knownShape, ShapeError, sameShape } from "../shape.ts";
import type { Tensor, TensorType } from "../tensor.ts";
import { mul, unbroadcast } from "./arithmetic.ts";
import { reshape } from "./layout.ts";

interface Product {
  /** Whether the last two axes change places before the product. */
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** What the product is multiplied with. */
  readonly alpha: number;
}

const plain: Product = { transposeA: false, transposeB: false, alpha: 1 };

/** Rows and columns, after transposing. */
function sides(shape: readonly Dimension[], transposed: boolean): readonly [Dimension, Dimension] {
  const [rows, columns] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}

function inferProduct(operator: string, [a, b]: readonly TensorType[], product: Product): TensorType {
  const type = commonType(operator, [a, b]);
  if (a.shape.length < 2 || b.shape.length < 2) {
    throw new ShapeError(operator, "matrices, or batches of them", [a.shape, b.shape]);
  }
  const [rows, innerA] = sides(a.shape, product.transposeA);
  const [innerB, columns] = sides(b.shape, product.transposeB);
  if (innerA !== innerB) throw new ShapeError(operator, "inner sizes to agree", [a.shape, b.shape]);
  return { type, shape: [...broadcast(operator, a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns] };
}

function evaluateProduct(operator: string, [a, b]: readonly Numbers[], product: Product): Numbers {
  const shape = knownShape(operator, inferProduct(operator, [a, b], product).shape);
  const left = product.transposeA ? transposed(a) : a;
  const right = product.transposeB ? transposed(b) : b;
  const [rows, columns] = shape.slice(-2);
  const inner = left.shape[left.shape.length - 1];
  const batch = shape.slice(0, -2);
  const places = (own: readonly number[], size: number) =>
    offsetsOf(batch, repeatedStrides(own.slice(0, -2), batch)).map((place) => place * size);
  const startsA = places(left.shape, rows * inner);
  const startsB = places(right.shape, inner * columns);
  const values = new Float64Array(sizeOf(shape));
  for (let matrix = 0; matrix < startsA.length; matrix++) {
    for (let row = 0; row < rows; row++) {
      const into = (matrix * rows + row) * columns;
      for (let k = 0; k < inner; k++) {
        const factor = product.alpha * left.values[startsA[matrix] + row * inner + k];
        const from = startsB[matrix] + k * columns;
        for (let column = 0; column < columns; column++)
          values[into + column] += factor * right.values[from + column];
      }
    }
  }
  return { type: a.type, shape, values };
}

function transposed(matrix: Numbers): Numbers {
  const order = matrix.shape.map((_, axis) => axis);
  const last = order.length - 1;
  const axes = [...order.slice(0, -2), last, last - 1];
  const strides = stridesOf(matrix.shape);
  const shape = axes.map((axis) => matrix.shape[axis]);
  return take(
    matrix,
    shape,
    offsetsOf(
      shape,
      axes.map((axis) => strides[axis]),
    ),
  );
}

/** The two products that a product's gradient consists of: neither transposes anything by itself. */
function productGradient(
  a: Tensor,
  b: Tensor,
  cotangent: Tensor,
  { transposeA, transposeB, alpha }: Product,
) {
  const toA = transposeA
    ? matmul(b, cotangent, { transposeA: transposeB, transposeB: true, alpha })
    : matmul(cotangent, b, { transposeB: !transposeB, alpha });
  const toB = transposeB
    ? matmul(cotangent, a, { transposeA: true, transposeB: transposeA, alpha })
    : matmul(a, cotangent, { transposeA: !transposeA, alpha });
  return [unbroadcast(toA, a), unbroadcast(toB, b)] as const;
}

interface Sum extends Product {
  /** What the addend is multiplied with. */
  readonly beta: number;
}

export const matrix = {
  MatMul: defineOperator<undefined>({
    name: "MatMul",
    infer: (inputs) => [inferProduct("MatMul", inputs, plain)],
    evaluate: (inputs) => [evaluateProduct("MatMul", inputs, plain)],
    gradient: ({ inputs: [a, b], cotangents: [cotangent] }) =>
      cotangent === undefined ? [undefined, undefined] : productGradient(a, b, cotangent, plain),
    decode: () => undefined,
  }),
  /** ONNX Runtime's own: batches of matrices that may be transposed without being moved. */
  FusedMatMul: defineOperator<Product>({
    name: "FusedMatMul",
    domain: "com.microsoft",
    infer: (inputs, product) => [inferProduct("FusedMatMul", inputs, product)],
    evaluate: (inputs, product) => [evaluateProduct("FusedMatMul", inputs, product)],
    gradient: ({ inputs: [a, b], cotangents: [cotangent], attributes }) =>
      cotangent === undefined ? [undefined, undefined] : productGradient(a, b, cotangent, attributes),
    encode: ({ transposeA, transposeB, alpha }) => ({
      attributes: { transA: flag(transposeA), transB: flag(transposeB), alpha: float(alpha) },
    }),
    decode: (reader) => ({
      transposeA: reader.flag("transA", false),
      transposeB: reader.flag("transB", false),
      alpha: reader.float("alpha", 1),
    }),
  }),
  Gemm: defineOperator<Sum>({
    name: "Gemm",
    infer(inputs, sum) {
      const result = inferProduct("Gemm", inputs, sum);
      if (result.shape.length !== 2)
        throw new ShapeError("Gemm", "two matrices", [inputs[0].shape, inputs[1].shape]);
      const addend = inputs.length > 2 ? inputs[2].shape : [];
      if (!sameShape(broadcast("Gemm", result.shape, addend), result.shape))
        throw new ShapeError("Gemm", `an addend that repeats to [${result.shape.join(", ")}]`, [addend]);
      return [result];
    },
    evaluate([a, b, c], sum) {
      const result = evaluateProduct("Gemm", [a, b], sum);
      if (c === undefined) return [result];
      const places = offsetsOf(result.shape, repeatedStrides(c.shape, result.shape));
      const values = Float64Array.from(result.values, (value, i) => value + sum.beta * c.values[places[i]]);
      return [{ ...result, values }];
    },
    gradient({ inputs: [a, b, c], cotangents: [cotangent], attributes: sum }) {
      const addend = c === undefined ? [] : [c];
      if (cotangent === undefined) return [undefined, undefined, ...addend.map(() => undefined)];
      const share = sum.beta === 1 ? cotangent : mul(cotangent, sum.beta);
      return [...productGradient(a, b, cotangent, sum), ...addend.map((each) => unbroadcast(share, each))];
    },
    /** Of aᵀb, where both change at every step: one deep product over all rows of all steps. */
    sumOverSteps([a, b, c], { transposeA, transposeB, alpha }) {
      if (c !== undefined || !transposeA || transposeB || !a.changes || !b.changes) return undefined;
      const rows = (steps: Tensor) => {
        const [count, each, columns] = knownShape("Gemm", steps.shape);
        return reshape(steps, [count * each, columns]);
      };
      return matmul(rows(a.stacked()), rows(b.stacked()), { transposeA, alpha });
    },
    encode: ({ transposeA, transposeB, alpha, beta }) => ({
      attributes: {
        transA: flag(transposeA),
        transB: flag(transposeB),
        alpha: float(alpha),
        beta: float(beta),
      },
    }),
    decode: (reader) => ({
      transposeA: reader.flag("transA", false),
      transposeB: reader.flag("transB", false),
      alpha: reader.float("alpha", 1),
      beta: reader.float("beta", 1),
    }),
  }),
};

/**
 * The product of matrices `[…, rows, inner]` and `[…, inner, columns]`, over batches of them where there are more axes.
 *
 * @throws ShapeError where inner sizes differ or batches do not broadcast
 */
export function matmul(a: Tensor, b: Tensor, options: Partial<Product> = {}): Tensor {
  const product = { ...plain, ...options };
  const { transposeA, transposeB, alpha } = product;
  // One matrix for a whole batch: its rows are those of one tall matrix, which also makes one product of its gradient.
  const leading = a.shape.slice(0, -1);
  if (
    b.shape.length === 2 &&
    a.shape.length > 2 &&
    a.shape.at(-1) === sides(b.shape, transposeB)[0] &&
    !transposeA &&
    leading.every((size) => typeof size === "number")
  ) {
    const inner = a.shape[a.shape.length - 1];
    const flat = matmul(reshape(a, [sizeOf(knownShape("MatMul", leading)), inner]), b, product);
    return reshape(flat, [...leading, flat.shape[1]]);
  }
  if (!transposeA && !transposeB && alpha === 1) return matrix.MatMul.apply([a, b], undefined)[0];
  if (a.shape.length === 2 && b.shape.length === 2)
    return matrix.Gemm.apply([a, b], { ...product, beta: 1 })[0];
  return matrix.FusedMatMul.apply([a, b], product)[0];
}

/** a · b + c in one pass; `c` is repeated to the product's shape `[rows, columns]`. */
export function gemm(a: Tensor, b: Tensor, c: Tensor, options: Partial<Product> = {}): Tensor {
  return matrix.Gemm.apply([a, b, c], { ...plain, beta: 1, ...options })[0];
}
