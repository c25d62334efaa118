/**
 * @file Loop: what a Scan repeats. A cut through a graph rather than a graph of its own: tensors at the boundary are
 * given at each step, tensors that depend on them are the body, and all others belong to whoever stands around it.
 */
import type { Tensor } from "./tensor.ts";
import { dependentsOf, differentiableNodes } from "./walk.ts";

export interface Loop {
  /** Loops with one key are one loop: built together, each adding the states, elements and outputs that it needs. */
  readonly key: object;
  /** What one step hands to the next, as the step finds it. */
  readonly states: readonly Tensor[];
  /** What a step takes from each sequence. */
  readonly elements: readonly Tensor[];
  /** The states as the step leaves them. */
  readonly nextStates: readonly Tensor[];
  /** What a step adds to each stacked output. */
  readonly stacked: readonly Tensor[];
  /** From the last element to the first; stacked outputs lie at the place of the element they come from. */
  readonly reverse: boolean;
  /** The boundary and all that depends on it. */
  readonly inside: ReadonlySet<Tensor>;
  /** Tensors of the surroundings that the body uses, constants left out. */
  readonly captures: readonly Tensor[];
}

export function createLoop(parts: Omit<Loop, "inside" | "captures">): Loop {
  const results = [...parts.nextStates, ...parts.stacked];
  const inside = dependentsOf([...parts.states, ...parts.elements], results);
  const captures = new Set<Tensor>();
  const look = (tensor: Tensor) => {
    if (!inside.has(tensor) && tensor.origin.kind !== "constant") captures.add(tensor);
  };
  results.forEach(look);
  const boundary = new Set([...parts.states, ...parts.elements]);
  const outer = { has: (tensor: Tensor) => boundary.has(tensor) || !inside.has(tensor) };
  for (const node of differentiableNodes(results, outer)) node.inputs.forEach(look);
  return { ...parts, inside, captures: [...captures] };
}
