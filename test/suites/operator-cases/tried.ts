/** @file A case tried out: an operator applied to inputs, with numbers for them and for what flows back. */
import { evaluate } from "../../../src/graph/evaluate.ts";
import { pullback, sumOf } from "../../../src/graph/gradient.ts";
import { type Numbers, sizeOf } from "../../../src/graph/numbers.ts";
import { input, isFloat, type Node, type Tensor } from "../../../src/graph/tensor.ts";
import { createRandom } from "../../../src/util/random.ts";
import { drawInputs, type OperatorCase } from "./case.ts";

export interface Tried {
  readonly example: OperatorCase;
  readonly tensors: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** The operator applied. */
  readonly node: Node;
  /** Numbers of the inputs. */
  readonly known: ReadonlyMap<Tensor, Numbers>;
}

/** @param prefix what the inputs' names begin with */
export function tryOut(operator: string, example: OperatorCase, prefix = ""): Tried {
  const random = createRandom(`${operator} ${example.label}`);
  const { tensors, numbers } = drawInputs(example, random, prefix);
  const outputs = example.apply(tensors);
  const { origin } = outputs[0];
  if (origin.kind !== "node" || origin.node.operator !== operator)
    throw new Error(`the case "${example.label}" does not apply ${operator}`);
  const known = new Map(tensors.map((tensor, i) => [tensor, numbers[i]]));
  return { example, tensors, outputs, node: origin.node, known };
}

export interface Cotangents {
  /** One per output; undefined where it can have none. */
  readonly tensors: readonly (Tensor | undefined)[];
  readonly known: ReadonlyMap<Tensor, Numbers>;
}

/** Cotangents for all outputs that can have one, as inputs of the graph. */
export function drawCotangents({ outputs, known, example }: Tried, prefix = ""): Cotangents {
  const random = createRandom(`cotangents of ${example.label}`);
  const results = evaluate(outputs, known);
  const tensors = outputs.map(({ type, shape }, i) =>
    isFloat(type) ? input(`${prefix}cotangent ${i}`, type, shape) : undefined,
  );
  const pairs = tensors.flatMap((tensor, i): [Tensor, Numbers][] => {
    const { type, shape } = results[i];
    const values = Array.from({ length: sizeOf(shape) }, () => 2 * random.next() - 1);
    return tensor ? [[tensor, { type, shape, values }]] : [];
  });
  return { tensors, known: new Map(pairs) };
}

/** What flows back to each input of the case; undefined where nothing does. */
export function gradientsOf(
  { tensors, outputs }: Tried,
  cotangents: readonly (Tensor | undefined)[],
): readonly (Tensor | undefined)[] {
  return pullback(outputs, cotangents, tensors).map(sumOf);
}

export const hasNames = ({ inputs }: OperatorCase): boolean =>
  inputs.some(({ shape }) => shape.some((size) => typeof size === "string"));

/** Elements that differ by more than `tolerance`, relative to numbers above 1. */
export function differences(found: Numbers, wanted: Numbers, tolerance: number): readonly string[] {
  if (found.type !== wanted.type || found.shape.join() !== wanted.shape.join())
    return [`${found.type}[${found.shape}] instead of ${wanted.type}[${wanted.shape}]`];
  return Array.from(wanted.values).flatMap((value, i) => {
    const each = found.values[i];
    const close = Math.abs(each - value) <= tolerance * Math.max(1, Math.abs(value));
    return close || Object.is(each, value) ? [] : [`[${i}]: ${each} instead of ${value}`];
  });
}
