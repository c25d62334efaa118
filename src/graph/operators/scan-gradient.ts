/**
 * @file The gradient of a Scan is a Scan in the other direction, over the body's own gradient.
 *
 * What the body's gradient needs of the forward pass is kept, in its most digested form: slopes rather than what they
 * are computed from, while it is in the cache anyway. Each tensor that is wanted from a loop, forward or backward, is
 * asked for by a Scan of its own with the loop's key, and building a graph makes one Scan of them all.
 *
 * What flows to a tensor from around the loop is a sum over steps. Adding up a matrix at each step would move it through
 * memory each time, so wherever an operator knows a shorter way (`sumOverSteps`) its factors are stacked instead, and
 * one deep product after the loop does the work.
 */
import type { Dimension } from "../../onnx/model.ts";
import { pullback, sumOf } from "../gradient.ts";
import { createLoop, type Loop } from "../loop.ts";
import { knownShape } from "../shape.ts";
import { isFloat, type StepInput, type Tensor, type TensorType } from "../tensor.ts";
import { dependentsOf, differentiableNodes } from "../walk.ts";
import { add, mul } from "./arithmetic.ts";
import { zeros } from "./layout.ts";
import { applyLoop } from "./scan.ts";

export interface ScanCall {
  readonly loop: Loop;
  /** Before the first step. */
  readonly states: readonly Tensor[];
  readonly sequences: readonly Tensor[];
  readonly steps: Dimension;
  /** Of the final states, then of the stacked outputs. */
  readonly cotangents: readonly (Tensor | undefined)[];
}

/** A boundary tensor of the backward loop, and what is handed to it from around. */
interface Given {
  readonly inside: Tensor;
  readonly from: Tensor;
}

/** What flows back to initial states, to sequences and to captures. */
export function scanGradient(call: ScanCall): readonly (Tensor | undefined)[] {
  const { loop, states, cotangents } = call;
  const flowing = loop.states.map((state, i): Given | undefined =>
    isFloat(state.type) ? { inside: unknown(state), from: cotangents[i] ?? zeros(state) } : undefined,
  );
  const arriving = loop.stacked.map((tensor, i): Given | undefined => {
    const from = cotangents[states.length + i];
    return from && { inside: unknown(tensor), from };
  });
  const parts = pullback(
    [...loop.nextStates, ...loop.stacked],
    [...flowing, ...arriving].map((each) => each?.inside),
    [...loop.states, ...loop.elements, ...loop.captures],
    // What a capture is made of is not the loop's business, though another capture may be part of it.
    { stopAtTargets: true },
  );
  const toStates = parts.slice(0, loop.states.length).map(sumOf);
  const toElements = parts.slice(loop.states.length, loop.states.length + loop.elements.length).map(sumOf);
  const carried = flowing.flatMap((given, i) =>
    given ? [{ ...given, next: toStates[i] ?? zeros(given.inside) }] : [],
  );
  const arrived = arriving.flatMap((given) => given ?? []);
  const needed = [...toElements.flatMap((tensor) => tensor ?? []), ...parts.flat()];
  const view = createView(call, carried, arrived, needed);
  const initial = view.finalStates();
  return [
    ...flowing.map((given) => given && initial[carried.findIndex(({ inside }) => inside === given.inside)]),
    ...toElements.map((tensor) => tensor && view.stacked(tensor)),
    ...parts.slice(loop.states.length + loop.elements.length).map((list) => sumOf(list.map(view.summed))),
  ];
}

function unknown({ type, shape }: TensorType): Tensor {
  return { type, shape, origin: { kind: "input", name: "cotangent" } };
}

interface Carried extends Given {
  readonly next: Tensor;
}

/** A state that begins at zero and adds a tensor up. */
function adding(tensor: Tensor): Carried {
  const inside = unknown(tensor);
  return { inside, from: zeros(tensor), next: add(inside, tensor) };
}

/** Tensors of both bodies, as seen from around the loops. */
interface View {
  /** What has flowed to the states before the first step. */
  finalStates(): readonly Tensor[];
  /** All steps of a tensor, along a new first axis; the tensor itself where it does not change. */
  stacked(tensor: Tensor): Tensor;
  /** Its sum over the steps. */
  summed(tensor: Tensor): Tensor;
}

function createView(
  call: ScanCall,
  carried: readonly Carried[],
  arrived: readonly Given[],
  parts: readonly Tensor[],
): View {
  const { loop, states, sequences, steps } = call;
  const results = [...carried.map(({ next }) => next), ...parts];
  /** Changes from step to step; of these, what is not `backward` is known in the forward pass. */
  const backward = dependentsOf(
    [...carried, ...arrived].map(({ inside }) => inside),
    results,
  );
  const forward = dependentsOf([...loop.states, ...loop.elements], results);
  const key = {};
  const known = new Map<Tensor, Tensor>(loop.elements.map((element, i) => [element, sequences[i]]));

  function forwardStacked(tensor: Tensor): Tensor {
    const found = known.get(tensor);
    if (found !== undefined) return found;
    const extended = createLoop({ ...loop, stacked: [tensor] });
    const stacked = applyLoop(extended, states, sequences, steps)[states.length];
    known.set(tensor, stacked);
    return stacked;
  }

  /** What the backward body takes from the forward one, to compute these. */
  function residuals(tensors: readonly Tensor[]): readonly Given[] {
    const notBackward = { has: (tensor: Tensor) => !backward.has(tensor) };
    const found = new Set<Tensor>();
    const look = (tensor: Tensor) => {
      if (!backward.has(tensor) && forward.has(tensor)) found.add(tensor);
    };
    tensors.forEach(look);
    for (const node of differentiableNodes(tensors, notBackward)) node.inputs.forEach(look);
    return [...found].map((inside) => ({ inside, from: forwardStacked(inside) }));
  }

  /** The backward loop, asked for one more tensor: for all its steps, or for their sum. */
  function runBackward(more: { readonly sum?: Tensor; readonly stacked?: Tensor }): readonly Tensor[] {
    const all = [...carried, ...(more.sum ? [adding(more.sum)] : [])];
    const stacked = more.stacked ? [more.stacked] : [];
    const asked = [...stacked, ...(more.sum ? [more.sum] : [])];
    const taken = [...arrived, ...residuals([...carried.map(({ next }) => next), ...asked])];
    // Steps are counted by a sequence: one there must be.
    const elements = taken.length > 0 ? taken : [{ inside: loop.elements[0], from: sequences[0] }];
    const body = createLoop({
      key,
      states: all.map(({ inside }) => inside),
      elements: elements.map(({ inside }) => inside),
      nextStates: all.map(({ next }) => next),
      stacked,
      reverse: !loop.reverse,
    });
    return applyLoop(
      body,
      all.map(({ from }) => from),
      elements.map(({ from }) => from),
      steps,
    );
  }

  function stacked(tensor: Tensor): Tensor {
    if (backward.has(tensor)) return runBackward({ stacked: tensor })[carried.length];
    return forward.has(tensor) ? forwardStacked(tensor) : tensor;
  }

  function summed(tensor: Tensor): Tensor {
    const changes = (each: Tensor) => backward.has(each) || forward.has(each);
    if (!changes(tensor)) return mul(tensor, knownShape("Scan", [steps])[0]);
    const short = shortSum(tensor, changes);
    if (short !== undefined) return short;
    return runBackward({ sum: tensor })[carried.length];
  }

  /** As the operator, or the one behind another name, knows it. */
  function shortSum({ origin }: Tensor, changes: (tensor: Tensor) => boolean): Tensor | undefined {
    if (origin.kind !== "node") return undefined;
    const { node, output } = origin;
    const steps = node.inputs.map(
      (each): StepInput => ({
        changes: changes(each),
        shape: each.shape,
        stacked: () => stacked(each),
        summed: () => summed(each),
      }),
    );
    const sum = node.outputs.length === 1 ? node.sumOverSteps(steps) : undefined;
    const actual = node.aliases?.[output];
    return sum ?? (actual && changes(actual) ? shortSum(actual, changes) : undefined);
  }

  return { finalStates: () => runBackward({}).slice(0, carried.length), stacked, summed };
}
