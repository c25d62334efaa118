/** @file Several softmaxes beside one another, by hand. */
import { expect, it } from "vitest";
import { evaluate } from "../graph/evaluate.ts";
import { constant } from "../graph/tensor.ts";
import { factored, tokenShape } from "./outcome.ts";

const outcome = factored([2, 3]);
const predictions = constant([0, Math.log(3), 0, 0, Math.log(2), 5, 0, 1, 2, 3], { shape: [2, 5] });
const targets = constant([1, 2, 1, 2], { type: "int32", shape: [2, 2] });

it("loses the sum over the fields, each a softmax of its own", () => {
  const [{ values }] = evaluate([outcome.losses(predictions, targets)], new Map());
  // A likelihood of 3/4 and one of 2/4; then one of e⁰ / (e⁵ + e⁰), and one of e³ / (e + e² + e³).
  expect(values[0]).toBeCloseTo(-Math.log(3 / 8), 6);
  const second = Math.log(Math.exp(5) + 1) + Math.log(Math.exp(-2) + Math.exp(-1) + 1);
  expect(values[1]).toBeCloseTo(second, 6);
});

it("has foretold a step where it has foretold every field", () => {
  const [{ values }] = evaluate([outcome.foretold(predictions, targets)], new Map());
  expect(Array.from(values)).toEqual([1, 0]);
});

it("is of steps whose tokens stand beside one another", () => {
  expect([outcome.fields, outcome.size, tokenShape(outcome, [4, 9])]).toEqual([2, 5, [4, 9, 2]]);
});
