/** @file Scan: a body repeated along sequences, with states handed from step to step. */
import type { Dimension } from "../../onnx/model.ts";
import { nothing } from "../encoding.ts";
import { evaluate } from "../evaluate.ts";
import { createLoop, type Loop } from "../loop.ts";
import { type Numbers, sizeOf } from "../numbers.ts";
import { ShapeError, sameShape } from "../shape.ts";
import { formatType, type Node, type Tensor, type TensorType } from "../tensor.ts";
import { scanGradient } from "./scan-gradient.ts";

export interface ScanOptions {
  /** Values of the states before the first step. */
  readonly states?: readonly Tensor[];
  /** Tensors `[steps, …]`, walked along their first axis. */
  readonly sequences: readonly Tensor[];
  /** From the last step to the first; outputs lie at the place of the elements they come from. */
  readonly reverse?: boolean;
  /**
   * One step, in terms of symbolic tensors: called once. Tensors from around it may be used freely; what does not
   * depend on state or element is computed once, outside of the loop.
   */
  readonly step: (
    states: readonly Tensor[],
    elements: readonly Tensor[],
  ) => { readonly states?: readonly Tensor[]; readonly outputs?: readonly Tensor[] };
}

export interface ScanResult {
  /** After the last step. */
  readonly states: readonly Tensor[];
  /** `[steps, …]` */
  readonly outputs: readonly Tensor[];
}

/** @throws ShapeError for sequences of different lengths, or a state that changes its type or shape in a step */
export function scan({ states = [], sequences, reverse = false, step }: ScanOptions): ScanResult {
  const given =
    (kind: string) =>
    (type: TensorType, index: number): Tensor => ({
      type: type.type,
      shape: type.shape,
      origin: { kind: "input", name: `${kind}.${index}` },
    });
  const steps = stepsOf(sequences);
  const before = states.map(given("state"));
  const elements = sequences.map(({ type, shape }, i) =>
    given("element")({ type, shape: shape.slice(1) }, i),
  );
  const { states: after = [], outputs = [] } = step(before, elements);
  if (after.length !== before.length) {
    throw new ShapeError("Scan", `${before.length} states back from a step instead of ${after.length}`, []);
  }
  for (const [i, next] of after.entries()) {
    if (next.type === before[i].type && sameShape(next.shape, before[i].shape)) continue;
    throw new ShapeError(
      "Scan",
      `state ${i} to stay ${formatType(before[i])} in a step instead of ${formatType(next)}`,
      [before[i].shape, next.shape],
    );
  }
  const loop = createLoop({
    key: {},
    states: before,
    elements,
    nextStates: after,
    stacked: outputs,
    reverse,
  });
  const results = applyLoop(loop, states, sequences, steps);
  return { states: results.slice(0, states.length), outputs: results.slice(states.length) };
}

/** The number of steps: the length of every sequence. */
export function stepsOf(sequences: readonly Tensor[]): Dimension {
  if (sequences.length === 0)
    throw new ShapeError("Scan", "at least one sequence: it says how many steps", []);
  const lengths = new Set(sequences.map(({ shape }) => shape[0]));
  const [steps] = lengths;
  if (lengths.size === 1 && steps !== undefined) return steps;
  throw new ShapeError(
    "Scan",
    "sequences of one length",
    sequences.map(({ shape }) => shape),
  );
}

/** Final states, then stacked outputs. */
export function applyLoop(
  loop: Loop,
  states: readonly Tensor[],
  sequences: readonly Tensor[],
  steps: Dimension,
): readonly Tensor[] {
  const outputs: Tensor[] = [];
  const inputs = [...states, ...sequences, ...loop.captures];
  const node: Node = {
    operator: "Scan",
    domain: "",
    inputs,
    outputs,
    loop,
    // What stands in the file follows from all the nodes that are built as one.
    encoding: nothing,
    evaluate: (numbers) => evaluateLoop(loop, numbers),
    gradient: (cotangents) => scanGradient({ loop, states, sequences, steps, cotangents }),
    sumOverSteps: () => undefined,
  };
  const types: readonly TensorType[] = [
    ...loop.nextStates,
    ...loop.stacked.map(({ type, shape }) => ({ type, shape: [steps, ...shape] })),
  ];
  for (const [output, { type, shape }] of types.entries()) {
    outputs.push({ type, shape, origin: { kind: "node", node, output } });
  }
  return outputs;
}

function evaluateLoop(loop: Loop, inputs: readonly Numbers[]): readonly Numbers[] {
  const { states, elements, nextStates, stacked } = loop;
  let current = inputs.slice(0, states.length);
  const sequences = inputs.slice(states.length, states.length + elements.length);
  const captured = inputs.slice(states.length + elements.length);
  const steps = sequences[0].shape[0];
  const known = new Map<Tensor, Numbers>(loop.captures.map((tensor, i) => [tensor, captured[i]]));
  const collected = stacked.map(() => new Array<Numbers>(steps));
  for (let i = 0; i < steps; i++) {
    const at = loop.reverse ? steps - 1 - i : i;
    for (const [j, state] of states.entries()) known.set(state, current[j]);
    for (const [j, element] of elements.entries()) known.set(element, elementOf(sequences[j], at));
    const results = evaluate([...nextStates, ...stacked], known);
    current = results.slice(0, states.length);
    for (const [j, list] of collected.entries()) list[at] = results[states.length + j];
  }
  return [...current, ...collected.map((list, j) => stack(list, stacked[j]))];
}

function elementOf({ type, shape, values }: Numbers, at: number): Numbers {
  const size = sizeOf(shape.slice(1));
  return {
    type,
    shape: shape.slice(1),
    values: Array.prototype.slice.call(values, at * size, (at + 1) * size),
  };
}

function stack(list: readonly Numbers[], like: TensorType): Numbers {
  // Without steps nothing says how large a step would have been, save what was inferred.
  const shape = list[0]?.shape ?? like.shape.map((size) => (typeof size === "number" ? size : 0));
  const size = sizeOf(shape);
  const values = new Float64Array(list.length * size);
  for (const [i, each] of list.entries())
    for (let j = 0; j < size; j++) values[i * size + j] = each.values[j];
  return { type: like.type, shape: [list.length, ...shape], values };
}
