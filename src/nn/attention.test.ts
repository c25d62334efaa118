/** @file Attention against its formula: in blocks, under masks, and with a past. */
import { describe, expect, it } from "vitest";
import {
  drawNumbers,
  expectAgreement,
  expectNumbers,
  expectSlopes,
  type Known,
  projection,
} from "../../test/suites/numerics.ts";
import { evaluate } from "../graph/evaluate.ts";
import { gradient } from "../graph/gradient.ts";
import type { Numbers } from "../graph/numbers.ts";
import { add, concat, matmul, mul, slice, softmax, transpose } from "../graph/operators/index.ts";
import { constant, input, type Tensor } from "../graph/tensor.ts";
import { sortedNodes } from "../graph/walk.ts";
import { attend, attendAfter, hidden, pastMask } from "./attention.ts";

/** Queries, keys and values of as many sequences, heads, steps and features. */
function given(shape: readonly number[], keys = shape[2]) {
  const own = shape.with(2, keys);
  const tensors = [
    input("queries", "float32", shape),
    input("keys", "float32", own),
    input("values", "float32", own),
  ] as const;
  return { tensors, known: drawNumbers(tensors, `attention ${shape.join()}`) };
}

/** softmax(q kᵀ / √size + mask) v, in one piece. */
function formula([queries, keys, values]: readonly Tensor[], mask: Tensor): Tensor {
  const scores = mul(matmul(queries, transpose(keys)), 1 / Math.sqrt(Number(queries.shape[3])));
  return matmul(softmax(add(scores, mask), -1), values);
}

function triangle(steps: number): Tensor {
  const values = Float32Array.from({ length: steps * steps }, (_, i) =>
    i % steps > Math.floor(i / steps) ? hidden : 0,
  );
  return constant(values, { shape: [steps, steps] });
}

/** A mask of this shape that hides every third key, but never the first. */
function someHidden(shape: readonly number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const keys = shape.at(-1) ?? 1;
  const values = Float32Array.from({ length: count }, (_, i) =>
    (i % keys) % 3 === 1 ? hidden : Math.sin(i),
  );
  return constant(values, { shape });
}

describe("causal attention", () => {
  it.each([1, 2, 127, 128, 255, 256, 300, 512, 515])("of %d steps is the formula", (steps) => {
    const { tensors, known } = given([1, 1, steps, 2]);
    const [queries, keys, values] = tensors;
    const found = attend(queries, keys, values, { causal: true });
    expectAgreement([found], [formula(tensors, triangle(steps))], tensors, known);
  });

  it("of many steps computes no more than five eighths of the scores", () => {
    const { tensors } = given([1, 1, 1024, 2]);
    const [queries, keys, values] = tensors;
    const nodes = sortedNodes([attend(queries, keys, values, { causal: true })]);
    const scores = nodes
      .filter(({ operator }) => operator === "Softmax")
      .map(({ inputs }) => inputs[0].shape);
    expect(scores).toEqual([256, 512, 768, 1024].map((end) => [1, 1, 256, end]));
  });

  it.each([
    [[2, 2, 260, 260]],
    [[2, 1, 260, 260]],
    [[2, 1, 1, 260]],
    [[1, 1, 260, 1]],
    [[260, 260]],
    [[260]],
    [[]],
  ])("takes a mask %j beside its own", (shape) => {
    const { tensors, known } = given([2, 2, 260, 2]);
    const [queries, keys, values] = tensors;
    const mask = someHidden(shape);
    const found = attend(queries, keys, values, { causal: true, mask });
    expectNumbers(
      evaluate([found], known),
      evaluate([formula(tensors, add(triangle(260), mask))], known),
      1e-10,
    );
  });
});

describe("bidirectional attention", () => {
  const { tensors, known } = given([2, 2, 3, 4], 5);
  const [queries, keys, values] = tensors;

  it("is the formula, with a mask and without", () => {
    expectAgreement(
      [attend(queries, keys, values, { causal: false })],
      [formula(tensors, constant(0))],
      tensors,
      known,
    );
    const mask = someHidden([2, 1, 3, 5]);
    const found = attend(queries, keys, values, { causal: false, mask });
    expectAgreement([found], [formula(tensors, mask)], tensors, known);
    expectSlopes(projection([found]), tensors, known);
  });

  it("takes keys that are hidden for keys that are not there", () => {
    const mask = constant([0, 0, 0, hidden, hidden], { shape: [1, 1, 1, 5] });
    const found = attend(queries, keys, values, { causal: false, mask });
    const fewer = attend(queries, slice(keys, 2, 0, 3), slice(values, 2, 0, 3), { causal: false });
    expectNumbers(evaluate([found], known), evaluate([fewer], known), 1e-12);
  });

  it("makes no NaN of a query to which all keys are hidden", () => {
    const mask = constant(new Float32Array(15).fill(hidden), { shape: [3, 5] });
    const found = attend(queries, keys, values, { causal: false, mask });
    const results = evaluate([found, ...gradient(projection([found]), tensors)], known);
    for (const { values: numbers } of results) {
      expect(Array.from(numbers).every(Number.isFinite)).toBe(true);
    }
  });

  it("can be derived twice", () => {
    const slopes = (result: Tensor) => gradient(projection([result]), [queries, keys, values]);
    const found = slopes(attend(queries, keys, values, { causal: false }));
    expectAgreement(found, slopes(formula(tensors, constant(0))), tensors, known);
  });
});

describe("attention after a past", () => {
  const [batch, heads, room, size] = [3, 2, 6, 4];
  /** How much of each sequence's room is filled. */
  const counts = [0, 4, 6];
  const pastKeys = input("past keys", "float32", [batch, heads, room, size]);
  const pastValues = input("past values", "float32", [batch, heads, room, size]);
  const filled = input("counts", "int32", [batch, 1]);

  function knownPast(): Known {
    const drawn = drawNumbers([pastKeys, pastValues], "past");
    // What lies in room that is not filled must not matter, however large it is.
    const spoil = (numbers: Numbers): Numbers => ({
      ...numbers,
      values: Array.from(numbers.values, (value, i) => {
        const sequence = Math.floor(i / (heads * room * size));
        return Math.floor(i / size) % room < counts[sequence] ? value : 1000 * value;
      }),
    });
    const spoilt = [...drawn].map(([tensor, numbers]) => [tensor, spoil(numbers)] as const);
    return new Map([...spoilt, [filled, { type: "int32", shape: [batch, 1], values: counts }]]);
  }

  it.each([1, 3])("of %d steps is causal attention to past and present together", (steps) => {
    const { tensors, known: present } = given([batch, heads, steps, size]);
    const [queries, keys, values] = tensors;
    const known = new Map([...present, ...knownPast()]);
    const past = { keys: pastKeys, values: pastValues, mask: pastMask(pastKeys, filled) };
    const found = attendAfter(past, queries, keys, values);
    for (const [sequence, count] of counts.entries()) {
      const only = (tensor: Tensor) => slice(tensor, 0, sequence, sequence + 1);
      const together = (before: Tensor, now: Tensor) =>
        concat([slice(only(before), 2, 0, count), only(now)], 2);
      const allKeys = together(pastKeys, keys);
      // The past's own queries are not known any more, and of no concern to those that follow.
      const allQueries = concat([slice(allKeys, 2, 0, count), only(queries)], 2);
      const whole = attend(allQueries, allKeys, together(pastValues, values), { causal: true });
      expectAgreement([only(found)], [slice(whole, 2, count)], tensors, known);
    }
  });
});
