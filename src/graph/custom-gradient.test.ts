/** @file Gradients of one's own: where they are followed, how often, and what others see of them. */
import { describe, expect, it } from "vitest";
import {
  drawNumbers,
  expectAgreement,
  expectNumbers,
  expectSlopes,
  gradientsOf,
  projection,
} from "../../test/suites/numerics.ts";
import { build } from "./build.ts";
import { customGradient } from "./custom-gradient.ts";
import { evaluate } from "./evaluate.ts";
import { gradient } from "./gradient.ts";
import { add, exp, gemm, mul, neg, reduceSum, scan, sub, tanh } from "./operators/index.ts";
import { constant, input, type Tensor } from "./tensor.ts";

const x = input("x", "float32", [2, 3]);
const y = input("y", "float32", [2, 3]);
const known = drawNumbers([x, y], "custom gradient");

/** tanh with the gradient 1 − tanh², written by hand. */
function handmade(of: Tensor): Tensor {
  const result = tanh(of);
  const [renamed] = customGradient([of], [result], ([cotangent]) => [
    cotangent && mul(cotangent, sub(constant(1), mul(result, result))),
  ]);
  return renamed;
}

/** The identity, through which the gradient comes back as often as told. */
const times = (of: Tensor, factor: number) =>
  customGradient([of], [of], ([cotangent]) => [cotangent && mul(cotangent, factor)])[0];

const slopesOf = (loss: Tensor, targets: readonly Tensor[]) =>
  evaluate(gradient(loss, targets), known).map(({ values }) => Array.from(values));

describe("a gradient of one's own", () => {
  it("is followed for each of several uses, of the name and of another one like it", () => {
    const once = handmade(x);
    const found = add(mul(once, y), mul(handmade(x), once));
    expectAgreement([found], [add(mul(tanh(x), y), mul(tanh(x), tanh(x)))], [x, y], known);
  });

  it("is followed again where what it says is derived", () => {
    const second = (f: (of: Tensor) => Tensor) =>
      gradient(projection(gradient(projection([f(x)]), [x])), [x]);
    expectAgreement(second(handmade), second(tanh), [x], known);
    expectSlopes(projection(second(handmade)), [x], known);
  });

  it("goes before what follows from the parts, and through names of names", () => {
    expect(slopesOf(reduceSum(times(times(x, 2), 3)), [x])).toEqual([new Array(6).fill(6)]);
    // Beside the name, what it stands for is still derived by its parts.
    expect(slopesOf(reduceSum(add(times(x, 2), x)), [x])).toEqual([new Array(6).fill(3)]);
  });

  it("is given a cotangent for each output, none where nothing flows", () => {
    const seen: boolean[][] = [];
    const outputs = customGradient([x], [tanh(x), neg(x)], (cotangents) => {
      seen.push(cotangents.map((each) => each !== undefined));
      return [add(cotangents[0] ?? constant(0), mul(cotangents[1] ?? constant(0), 10))];
    });
    expect(evaluate(outputs, known)).toEqual(evaluate([tanh(x), neg(x)], known));
    const [first, second] = outputs.map((output) => reduceSum(output));
    expect(slopesOf(first, [x])[0]).toEqual(new Array(6).fill(1));
    expect(slopesOf(second, [x])[0]).toEqual(new Array(6).fill(10));
    expect(slopesOf(add(first, second), [x])[0]).toEqual(new Array(6).fill(11));
    expect(seen).toEqual([
      [true, false],
      [false, true],
      [true, true],
    ]);
  });

  it("may flow to what the result was not made of, and not to what it was", () => {
    const [renamed] = customGradient([y], [tanh(x)], ([cotangent]) => [cotangent && mul(cotangent, 5)]);
    expect(slopesOf(reduceSum(renamed), [y])).toEqual([new Array(6).fill(5)]);
    expect(() => gradient(reduceSum(renamed), [x])).toThrow("a tensor that the loss depends on");
  });

  it("is nothing that a file knows of", () => {
    const { nodes } = build({ outputs: { renamed: handmade(x), plain: tanh(x) } }).graph;
    expect(nodes.map(({ operator }) => operator)).toEqual(["Tanh", "Identity"]);
  });
});

describe("in a loop", () => {
  const start = input("start", "float32", [3]);
  const scale = input("scale", "float32", [3]);
  const numbers = new Map([...known, ...drawNumbers([start, scale], "loop")]);

  /** A loop through which f is led: over state, element and what is captured. */
  function loop(f: (of: Tensor) => Tensor): readonly Tensor[] {
    const { states, outputs } = scan({
      states: [start],
      sequences: [x],
      step: ([state], [row]) => {
        const next = f(add(mul(state, scale), row));
        return { states: [next], outputs: [mul(next, f(scale))] };
      },
    });
    return [...states, ...outputs];
  }

  it("is followed to states, sequences and captures", () => {
    const targets = [x, start, scale];
    expectAgreement(loop(handmade), loop(tanh), targets, numbers);
    expectSlopes(projection(loop(handmade)), targets, numbers);
    // Followed, and not passed by: what comes back is twice as much for every way through it.
    const doubled = gradientsOf(
      loop((of) => times(tanh(of), 2)),
      [x],
      numbers,
    );
    expect(doubled).not.toEqual(gradientsOf(loop(tanh), [x], numbers));
  });

  it("is followed again where what it says is derived", () => {
    const slopes = (f: (of: Tensor) => Tensor) => gradient(projection(loop(f)), [x, scale]);
    expectAgreement(slopes(handmade), slopes(tanh), [x, start, scale], numbers);
  });

  it("stays in force around the loop, for what is captured and for what comes out", () => {
    const { outputs } = scan({
      sequences: [times(x, 2)],
      step: (_, [row]) => ({ outputs: [mul(row, times(scale, 3))] }),
    });
    const all = gradient(reduceSum(times(outputs[0], 5)), [x, scale]);
    const [toX, toScale] = evaluate(all, numbers);
    const plain = evaluate(gradient(reduceSum(mul(x, scale)), [x, scale]), numbers);
    const grown = plain.map((each, i) => ({
      ...each,
      values: Array.from(each.values, (value) => value * (i === 0 ? 10 : 15)),
    }));
    expectNumbers([toX, toScale], grown, 1e-12);
  });

  it("leaves the short way of summing a weight's gradient open: a product after the loop", () => {
    const weight = input("weight", "float32", [3, 3]);
    const sequence = input("sequence", "float32", [4, 2, 3]);
    const { outputs } = scan({
      states: [x],
      sequences: [sequence],
      step: ([state], [each]) => {
        const next = handmade(gemm(state, weight, each));
        return { states: [next], outputs: [next] };
      },
    });
    const toWeight = gradient(reduceSum(exp(outputs[0])), [weight]);
    const own = drawNumbers([weight, sequence], "weight");
    expectSlopes(reduceSum(exp(outputs[0])), [weight], new Map([...numbers, ...own]));
    const { nodes } = build({ outputs: { toWeight: toWeight[0] } }).graph;
    expect(nodes.at(-1)?.operator).toBe("Gemm");
  });
});
