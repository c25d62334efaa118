/** @file Walks over graphs: what a tensor is made of, and what depends on what. */
import type { Node, Tensor } from "./tensor.ts";

/** Where a walk stops: at tensors that are given. */
export interface Boundary {
  has(tensor: Tensor): boolean;
}

const open: Boundary = new Set<Tensor>();

/**
 * Nodes that have to run for these tensors, each after those it needs. Names for other tensors are seen through.
 *
 * @param needs what has to be known before a node runs: its inputs, unless said
 */
export function sortedNodes(
  tensors: readonly Tensor[],
  boundary: Boundary = open,
  needs: (node: Node) => readonly Tensor[] = ({ inputs }) => inputs,
): readonly Node[] {
  return sort(tensors, needs, (tensor) => {
    const actual = seeThrough(tensor, boundary);
    return actual.origin.kind === "node" && !boundary.has(actual) ? actual.origin.node : undefined;
  });
}

/** What a tensor is another name for, as far as the boundary. */
export function seeThrough(tensor: Tensor, boundary: Boundary = open): Tensor {
  let actual = tensor;
  while (!boundary.has(actual) && actual.origin.kind === "node" && actual.origin.node.aliases) {
    actual = actual.origin.node.aliases[actual.origin.output];
  }
  return actual;
}

/** Nodes that a gradient passes through, in the order of their running; names for other tensors are among them. */
export function differentiableNodes(tensors: readonly Tensor[], boundary: Boundary = open): readonly Node[] {
  return sort(
    tensors,
    ({ inputs }) => inputs,
    (tensor) => (tensor.origin.kind === "node" && !boundary.has(tensor) ? tensor.origin.node : undefined),
  );
}

/** Post-order. Iterative, for graphs are deeper than stacks. */
function sort(
  tensors: readonly Tensor[],
  needs: (node: Node) => readonly Tensor[],
  nodeOf: (tensor: Tensor) => Node | undefined,
): readonly Node[] {
  const sorted: Node[] = [];
  const entered = new Set<Node>();
  const stack: { readonly node: Node; readonly needs: readonly Tensor[]; next: number }[] = [];
  const enter = (tensor: Tensor) => {
    const node = nodeOf(tensor);
    if (node === undefined || entered.has(node)) return;
    entered.add(node);
    stack.push({ node, needs: needs(node), next: 0 });
  };
  for (const tensor of tensors) {
    enter(tensor);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      if (top.next < top.needs.length) enter(top.needs[top.next++]);
      else {
        sorted.push(top.node);
        stack.pop();
      }
    }
  }
  return sorted;
}

/** The input tensors that others are made of, in the order in which they are met. */
export function inputsOf(tensors: readonly Tensor[]): readonly Tensor[] {
  const found = new Set<Tensor>();
  const look = (tensor: Tensor) => {
    if (tensor.origin.kind === "input") found.add(tensor);
  };
  for (const tensor of tensors) look(tensor);
  for (const node of sortedNodes(tensors)) node.inputs.forEach(look);
  return [...found];
}

/**
 * All that changes with one of `sources`, the sources included, among what `outputs` are made of. What has another name
 * changes with what it is a name for, and with what its own gradient flows to.
 *
 * @param boundary where the walk stops: at the sources, unless said, which are then taken for independent of each other
 */
export function dependentsOf(
  sources: readonly Tensor[],
  outputs: readonly Tensor[],
  boundary: Boundary = new Set(sources),
): ReadonlySet<Tensor> {
  const dependent = new Set<Tensor>(sources);
  for (const node of differentiableNodes(outputs, boundary)) {
    if (!node.inputs.some((tensor) => dependent.has(tensor))) continue;
    for (const output of node.outputs) dependent.add(output);
  }
  return dependent;
}
