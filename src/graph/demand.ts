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

/** All nodes with one key, wherever they stand. */
interface Members extends Boundary {
  readonly node: Node;
  readonly inside: Boundary;
  /** Where each boundary tensor comes from, in demand or not. */
  readonly sources: Map<Tensor, { readonly from: Tensor; readonly next?: Tensor }>;
  readonly nodes: Set<Node>;
  /** By the family around: what does not depend on its steps is computed once, before it. */
  readonly families: Map<Family | undefined, Growing>;
}

interface Growing extends Family {
  readonly members: Members;
  readonly parent: Growing | undefined;
  readonly states: Map<Tensor, { readonly initial: Tensor; readonly next: Tensor }>;
  readonly elements: Map<Tensor, Tensor>;
  readonly stacked: Set<Tensor>;
  readonly captures: Set<Tensor>;
  readonly visited: Set<Tensor>;
}

/** Families by the key of their loop and by the family in whose body they stand. */
export type Demand = ReadonlyMap<object, Pick<Members, "families">>;

export function demandOf(outputs: readonly Tensor[]): Demand {
  const loops = collectLoops(outputs);
  const visitedOutside = new Set<Tensor>();
  const work: { readonly tensor: Tensor; readonly scope: Growing | undefined }[] = [];
  const ask = (tensor: Tensor, scope: Growing | undefined) => {
    const visited = scope?.visited ?? visitedOutside;
    if (visited.has(tensor)) return;
    visited.add(tensor);
    work.push({ tensor, scope });
  };

  /** True where the tensor is given to the scope, or belongs to those around it. */
  function comesFromAround(tensor: Tensor, scope: Growing): boolean {
    const source = scope.members.sources.get(tensor);
    if (source !== undefined) {
      if (source.next === undefined) scope.elements.set(tensor, source.from);
      else scope.states.set(tensor, { initial: source.from, next: source.next });
      if (source.next !== undefined) ask(source.next, scope);
      ask(source.from, scope.parent);
      return true;
    }
    if (scope.inside.has(tensor)) return false;
    if (tensor.origin.kind !== "constant") {
      scope.captures.add(tensor);
      ask(tensor, scope.parent);
    }
    return true;
  }

  function askForOutput(node: Node, output: number, scope: Growing | undefined): void {
    const { loop } = node;
    const members = loop && loops.get(loop.key);
    invariant(loop && members, "every loop was collected");
    const family = members.families.get(scope) ?? emptyFamily(members, scope);
    members.families.set(scope, family);
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
  return loops;
}

/** Every loop below the outputs, those inside of bodies included; nodes with one key together. */
function collectLoops(outputs: readonly Tensor[]): Map<object, Members> {
  const loops = new Map<object, Members>();
  const everything = ({ inputs, loop }: Node) =>
    loop === undefined ? inputs : [...inputs, ...loop.nextStates, ...loop.stacked];
  for (const node of sortedNodes(outputs, undefined, everything)) {
    const { loop } = node;
    if (loop === undefined) continue;
    const members = loops.get(loop.key) ?? emptyMembers(node);
    loops.set(loop.key, members);
    members.nodes.add(node);
    for (const [i, state] of loop.states.entries()) {
      members.sources.set(state, { from: node.inputs[i], next: loop.nextStates[i] });
    }
    for (const [i, element] of loop.elements.entries()) {
      members.sources.set(element, { from: node.inputs[loop.states.length + i] });
    }
  }
  return loops;
}

function emptyMembers(node: Node): Members {
  const nodes = new Set<Node>();
  const sources: Members["sources"] = new Map();
  const inside = {
    has(tensor: Tensor): boolean {
      for (const { loop } of nodes) if (loop?.inside.has(tensor)) return true;
      return false;
    },
  };
  return {
    node,
    nodes,
    sources,
    inside,
    has: (tensor) => sources.has(tensor) || !inside.has(tensor),
    families: new Map(),
  };
}

function emptyFamily(members: Members, parent: Growing | undefined): Growing {
  const { node, inside, has } = members;
  return {
    node,
    inside,
    has,
    members,
    parent,
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
