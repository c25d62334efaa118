/** @file Gated retention in chunks, against the products of all pairs of steps, and step by step. */
import { describe, expect, it } from "vitest";
import {
  drawNumbers,
  expectAgreement,
  expectNumbers,
  expectSlopes,
  projection,
} from "../../test/suites/numerics.ts";
import { evaluate } from "../graph/evaluate.ts";
import { gradient } from "../graph/gradient.ts";
import {
  add,
  concat,
  cumulativeSum,
  exp,
  matmul,
  mul,
  neg,
  reshape,
  slice,
  softplus,
  sub,
} from "../graph/operators/index.ts";
import { constant, input, type Tensor } from "../graph/tensor.ts";
import { causalMask } from "./attention.ts";
import { type RetentionInput, retain } from "./retain.ts";
import { rotaryTables, rotate } from "./rotary.ts";

const [batch, heads, size] = [2, 2, 4];

function given(steps: number) {
  const shape = [batch, heads, steps, size];
  const [queries, keys, values] = ["queries", "keys", "values"].map((name) => input(name, "float32", shape));
  const gates = input("gates", "float32", [batch, heads, steps]);
  const targets = [queries, keys, values, gates];
  const all: RetentionInput = { queries, keys, values, logDecays: neg(softplus(gates)) };
  return { all, targets, known: drawNumbers(targets, `retain ${steps}`) };
}

const mapped = (all: RetentionInput, of: (x: Tensor) => Tensor): RetentionInput => ({
  queries: of(all.queries),
  keys: of(all.keys),
  values: of(all.values),
  logDecays: of(all.logDecays),
});

/** Σⱼ (qᵢ · kⱼ / √size) · Π of the decays after j, up to i · vⱼ, turned as rotary positions are: quadratic in the steps. */
function quadratic({ queries, keys, values, logDecays }: RetentionInput): Tensor {
  const steps = Number(queries.shape[2]);
  const tables = rotaryTables(steps, size);
  const turned = (x: Tensor) => rotate(x, constant([0], { type: "int64" }), tables);
  const sums = cumulativeSum(logDecays, 2);
  const between = sub(reshape(sums, [batch, heads, steps, 1]), reshape(sums, [batch, heads, 1, steps]));
  const scores = matmul(turned(queries), turned(keys), { transposeB: true, alpha: 1 / Math.sqrt(size) });
  return matmul(mul(scores, exp(add(between, causalMask(steps, steps)))), values);
}

describe("gated retention", () => {
  it("is, of two steps and one pair of features, what one finds on paper", () => {
    const row = (numbers: readonly number[]) => constant(numbers, { shape: [1, 1, 2, 2] });
    const { results } = retain({
      queries: row([1, 0, 1, 0]),
      keys: row([2, 0, 3, 0]),
      values: row([1, 10, 2, 20]),
      logDecays: constant([-7, Math.log(0.5)], { shape: [1, 1, 2] }),
    });
    const [{ values: found }] = evaluate([results], new Map());
    // The key of the first step is half gone, and stands at an angle of 1 to the second query.
    const [first, second] = [(2 * 0.5 * Math.cos(1)) / Math.SQRT2, 3 / Math.SQRT2];
    const wanted = [Math.SQRT2, 10 * Math.SQRT2, first + 2 * second, 10 * first + 20 * second];
    for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 5);
  });

  it.each([1, 2, 63, 64, 65, 130])("of %d steps is the product over all pairs", (steps) => {
    const { all, targets, known } = given(steps);
    const [found, wanted] = [retain(all).results, quadratic(all)];
    // Angles are float32 numbers: those of a place in a chunk, and those of a place in the window.
    expectNumbers(evaluate([found], known), evaluate([wanted], known), 1e-5);
    const slopes = (result: Tensor) => evaluate(gradient(projection([result]), targets), known);
    expectNumbers(slopes(found), slopes(wanted), 1e-5);
  });

  it.each([
    [1, 1],
    [1, 69],
    [70, 1],
    [70, 70],
    [128, 3],
  ])("of %d steps and then %d goes on as if it had heard them together", (before, after) => {
    const { all, targets, known } = given(before + after);
    const first = retain(mapped(all, (x) => slice(x, 2, 0, before)));
    const second = retain(
      mapped(all, (x) => slice(x, 2, before)),
      first.memory,
    );
    const whole = retain(all);
    const found = [concat([first.results, second.results], 2), second.memory];
    const wanted = [whole.results, whole.memory];
    expectNumbers(evaluate(found, known), evaluate(wanted, known), 1e-5);
    const slopes = (results: readonly Tensor[]) => evaluate(gradient(projection(results), targets), known);
    expectNumbers(slopes(found), slopes(wanted), 1e-5);
  });

  it("goes on step by step exactly as by its equation", () => {
    const { all, targets, known } = given(1);
    const memory = input("memory", "float32", [batch, heads, size, size]);
    const numbers = new Map([...known, ...drawNumbers([memory], "memory")]);
    const { results } = retain(all, memory);
    // q (γ M + kᵀ v), where query and key stand one step after the memory.
    const tables = rotaryTables(2, size);
    const turned = (x: Tensor) => rotate(x, constant([1], { type: "int64" }), tables);
    const decay = reshape(exp(all.logDecays), [batch, heads, 1, 1]);
    const now = add(mul(memory, decay), matmul(turned(all.keys), all.values, { transposeA: true }));
    const written = matmul(turned(all.queries), now, { alpha: 1 / Math.sqrt(size) });
    expectAgreement([results], [written], [...targets, memory], numbers);
  });

  it("has the slopes of finite differences, over a border of chunks", () => {
    const { all, known } = given(66);
    // Gates of the first steps: what they leave is heard in both chunks, and in the memory.
    const first = input("first", "float32", [batch, heads, 2]);
    const logDecays = neg(softplus(concat([first, slice(all.logDecays, 2, 2)], 2)));
    const { results, memory } = retain({ ...all, logDecays });
    const numbers = new Map([...known, ...drawNumbers([first], "first")]);
    expectSlopes(projection([results, memory]), [first], numbers);
  });

  it("neither overflows nor forgets how to count where a step forgets all", () => {
    const { all, targets, known } = given(130);
    const harsh = { ...all, logDecays: mul(all.logDecays, 1e4) };
    const { results, memory } = retain(harsh);
    const found = evaluate([results, memory, ...gradient(projection([results]), targets)], known);
    for (const { values } of found) expect(Array.from(values).every(Number.isFinite)).toBe(true);
    // Only the step itself is left.
    const own = retain(mapped(all, (x) => slice(x, 2, 100, 101)));
    expectNumbers([evaluate([slice(results, 2, 100, 101)], known)[0]], evaluate([own.results], known), 1e-5);
  });
});
