/** @file Numbers for symbolic tensors: drawn from a seed, run on a runtime, and gradients held against slopes. */
import { expect } from "vitest";
import { build } from "../../src/graph/build.ts";
import { evaluate } from "../../src/graph/evaluate.ts";
import { gradient } from "../../src/graph/gradient.ts";
import { type Numbers, sizeOf } from "../../src/graph/numbers.ts";
import { add, mul, reduceSum } from "../../src/graph/operators/index.ts";
import { knownShape } from "../../src/graph/shape.ts";
import { constant, isFloat, type Tensor } from "../../src/graph/tensor.ts";
import { inputsOf } from "../../src/graph/walk.ts";
import { toNumbers, toTensorData } from "../../src/runtime/convert.ts";
import type { NamedTensors, Runtime, SessionOptions } from "../../src/runtime/session.ts";
import { createRandom } from "../../src/util/random.ts";
import { differences } from "./operator-cases/tried.ts";

export type Known = ReadonlyMap<Tensor, Numbers>;

/** Float32 numbers from −1 to 1; classes below 3 where numbers are whole. */
export function drawNumbers(tensors: readonly Tensor[], seed: string): Known {
  const random = createRandom(seed);
  return new Map(
    tensors.map((tensor): [Tensor, Numbers] => {
      const shape = knownShape("drawNumbers", tensor.shape);
      const draw = isFloat(tensor.type) ? () => Math.fround(2 * random.next() - 1) : () => random.integer(3);
      const values = Float64Array.from({ length: sizeOf(shape) }, draw);
      return [tensor, { type: tensor.type, shape, values }];
    }),
  );
}

/** One number that depends on every element of every tensor, on each by another amount. */
export function projection(tensors: readonly Tensor[]): Tensor {
  const random = createRandom("projection");
  const parts = tensors.map((tensor) => {
    const shape = knownShape("projection", tensor.shape);
    const factors = Float32Array.from({ length: sizeOf(shape) }, () => 2 * random.next() - 1);
    return reduceSum(mul(tensor, constant(factors, { shape })));
  });
  return parts.reduce((sum, part) => add(sum, part));
}

/** What flows back to the targets from all elements of the tensors, evaluated. */
export function gradientsOf(tensors: readonly Tensor[], targets: readonly Tensor[], known: Known) {
  return evaluate(gradient(projection(tensors), targets), known);
}

/** Two ways of writing the same: their values agree, and so do their gradients. */
export function expectAgreement(
  found: readonly Tensor[],
  wanted: readonly Tensor[],
  targets: readonly Tensor[],
  known: Known,
): void {
  expectNumbers(evaluate(found, known), evaluate(wanted, known), 1e-10);
  expectNumbers(gradientsOf(found, targets, known), gradientsOf(wanted, targets, known), 1e-10);
}

/** Differences, relative to numbers above 1. */
export function expectNumbers(
  found: readonly Numbers[],
  wanted: readonly Numbers[],
  tolerance: number,
): void {
  expect(found).toHaveLength(wanted.length);
  for (const [i, each] of wanted.entries()) expect(differences(found[i], each, tolerance)).toEqual([]);
}

/** The gradient of a scalar agrees with central differences, element by element. */
export function expectSlopes(loss: Tensor, targets: readonly Tensor[], known: Known): void {
  const step = 1e-5;
  const found = evaluate(gradient(loss, targets), known);
  const slopes = targets.map((target): Numbers => {
    const [at] = evaluate([target], known);
    const lossAt = (moved: number, by: number) => {
      const values = Array.from(at.values, (value, i) => (i === moved ? value + by : value));
      return evaluate([loss], new Map([...known, [target, { ...at, values }]]))[0].values[0];
    };
    const slope = (_: number, i: number) => (lossAt(i, step) - lossAt(i, -step)) / (2 * step);
    return { ...at, values: Float64Array.from(at.values, slope) };
  });
  expectNumbers(found, slopes, 1e-7);
}

/** What a runtime makes of the tensors. */
export async function runOn(
  runtime: Pick<Runtime, "open">,
  tensors: readonly Tensor[],
  known: Known,
  options: SessionOptions = {},
): Promise<readonly Numbers[]> {
  const outputs = Object.fromEntries(tensors.map((tensor, i) => [`output ${i}`, tensor]));
  const session = await runtime.open(build({ outputs }), options);
  try {
    const results = await session.run(feedsOf(tensors, known));
    return tensors.map((_, i) => toNumbers(results[`output ${i}`]));
  } finally {
    await session.dispose();
  }
}

function feedsOf(tensors: readonly Tensor[], known: Known): NamedTensors {
  return Object.fromEntries(
    inputsOf(tensors).flatMap((tensor) => {
      const numbers = known.get(tensor);
      return tensor.origin.kind === "input" && numbers !== undefined
        ? [[tensor.origin.name, toTensorData(numbers)]]
        : [];
    }),
  );
}
