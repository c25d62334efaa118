/**
 * @file Demand: which tensors of a program have to be computed, and where. Scans with one loop key are gathered into one
 * family here; of its states, elements and outputs only those that somebody asks for are left.
 */
import { invariant } from "../util/errors.ts";
import type { Node, Tensor } from "./tensor.ts";
import { type Boundary, seeThrough, sortedNodes } from "./walk.ts";

export interface Family extends Boundary {
  /** A node of this loop, for what all of them share. */
  readonly node: Node;
  /** Within the boundary or dependent on it. */
  readonly inside: Boundary;
  /** The family whose body the loop stands in. */
  readonly parent: Family | undefined;
  /** Boundary tensors in demand: what each state was before the first step and becomes in a step. */
  readonly states: ReadonlyMap<Tensor, { readonly initial: Tensor; readonly next: Tensor }>;
  /** Boundary tensors in demand, and the sequences they are elements of. */
  readonly elements: ReadonlyMap<Tensor, Tensor>;
  /** Tensors of the body that are stacked. */
  readonly stacked: ReadonlySet<Tensor>;
  /** Tensors from around the loop, constants left out. */
  readonly captures: ReadonlySet<Tensor>;
}

interface Growing extends Family {
  readonly members: Set<Node>;
  parent: Family | undefined;
  readonly states: Map<Tensor, { readonly initial: Tensor; readonly next: Tensor }>;
  readonly elements: Map<Tensor, Tensor>;
  readonly stacked: Set<Tensor>;
  readonly captures: Set<Tensor>;
  readonly visited: Set<Tensor>;
  /** Where each boundary tensor comes from, in demand or not. */
  readonly sources: Map<Tensor, { readonly from: Tensor; readonly next?: Tensor }>;
}

/** Families by the key of their loop. */
export type Demand = ReadonlyMap<object, Family>;

export function demandOf(outputs: readonly Tensor[]): Demand {
  const families = collectFamilies(outputs);
  const visitedOutside = new Set<Tensor>();
  const work: { readonly tensor: Tensor; readonly scope: Growing | undefined }[] = [];
  const ask = (tensor: Tensor, scope: Growing | undefined) => {
    const visited = scope?.visited ?? visitedOutside;
    if (visited.has(tensor)) return;
    visited.add(tensor);
    work.push({ tensor, scope });
  };
  const familyOf = (scope: Family | undefined) =>
    scope?.node.loop ? families.get(scope.node.loop.key) : undefined;

  /** True where the tensor is given to the scope, or belongs to those around it. */
  function comesFromAround(tensor: Tensor, scope: Growing): boolean {
    const source = scope.sources.get(tensor);
    if (source !== undefined) {
      if (source.next === undefined) scope.elements.set(tensor, source.from);
      else scope.states.set(tensor, { initial: source.from, next: source.next });
      if (source.next !== undefined) ask(source.next, scope);
      ask(source.from, familyOf(scope.parent));
      return true;
    }
    if (scope.inside.has(tensor)) return false;
    if (tensor.origin.kind !== "constant") {
      scope.captures.add(tensor);
      ask(tensor, familyOf(scope.parent));
    }
    return true;
  }

  function askForOutput(node: Node, output: number, scope: Growing | undefined): void {
    const { loop } = node;
    const family = loop && families.get(loop.key);
    invariant(loop && family, "every loop was collected");
    family.parent = scope;
    if (output < loop.states.length) ask(loop.states[output], family);
    else {
      const tensor = seeThrough(loop.stacked[output - loop.states.length], family);
      family.stacked.add(tensor);
      ask(tensor, family);
    }
    // ONNX counts steps by a sequence: one there must be.
    if (family.elements.size === 0) ask(loop.elements[0], family);
  }

  for (const tensor of outputs) ask(tensor, undefined);
  for (let next = work.pop(); next; next = work.pop()) {
    const { tensor, scope } = next;
    if (scope !== undefined && comesFromAround(tensor, scope)) continue;
    if (tensor.origin.kind !== "node") continue;
    const { node, output } = tensor.origin;
    if (node.aliases !== undefined) ask(node.aliases[output], scope);
    else if (node.loop !== undefined) askForOutput(node, output, scope);
    else for (const each of node.inputs) ask(each, scope);
  }
  return families;
}

/** Every loop below the outputs, those inside of bodies included; nodes with one key together. */
function collectFamilies(outputs: readonly Tensor[]): Map<object, Growing> {
  const families = new Map<object, Growing>();
  const everything = ({ inputs, loop }: Node) =>
    loop === undefined ? inputs : [...inputs, ...loop.nextStates, ...loop.stacked];
  for (const node of sortedNodes(outputs, undefined, everything)) {
    const { loop } = node;
    if (loop === undefined) continue;
    const family = families.get(loop.key) ?? emptyFamily(node);
    families.set(loop.key, family);
    family.members.add(node);
    for (const [i, state] of loop.states.entries()) {
      family.sources.set(state, { from: node.inputs[i], next: loop.nextStates[i] });
    }
    for (const [i, element] of loop.elements.entries()) {
      family.sources.set(element, { from: node.inputs[loop.states.length + i] });
    }
  }
  return families;
}

function emptyFamily(node: Node): Growing {
  const members = new Set<Node>();
  const sources = new Map<Tensor, { readonly from: Tensor; readonly next?: Tensor }>();
  const inside = {
    has(tensor: Tensor): boolean {
      for (const { loop } of members) if (loop?.inside.has(tensor)) return true;
      return false;
    },
  };
  return {
    node,
    members,
    sources,
    inside,
    has: (tensor) => sources.has(tensor) || !inside.has(tensor),
    parent: undefined,
    states: new Map(),
    elements: new Map(),
    stacked: new Set(),
    captures: new Set(),
    visited: new Set(),
  };
}

/** What has to be there before a family can run. */
export function needsOfFamily(family: Family): readonly Tensor[] {
  const initial = [...family.states.values()].map((state) => state.initial);
  return [...initial, ...family.elements.values(), ...family.captures];
}
