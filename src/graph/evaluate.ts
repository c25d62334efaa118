/** @file Evaluation: numbers for tensors, from numbers for what they are made of. The oracle of every runtime. */
import { invariant } from "../util/errors.ts";
import type { Numbers } from "./numbers.ts";
import type { Tensor } from "./tensor.ts";
import { sortedNodes } from "./walk.ts";

/**
 * @param known numbers for inputs, or for any tensors at which the evaluation may stop
 * @returns one per tensor, in order
 */
export function evaluate(
  tensors: readonly Tensor[],
  known: ReadonlyMap<Tensor, Numbers>,
): readonly Numbers[] {
  const values = new Map(known);
  const look = (tensor: Tensor): Numbers => {
    const found = values.get(tensor);
    if (found !== undefined) return found;
    const { origin } = tensor;
    if (origin.kind === "constant") return origin.numbers;
    const alias = origin.kind === "node" ? origin.node.aliases?.[origin.output] : undefined;
    invariant(alias, "a tensor is evaluated after what it is made of, and every input is known");
    return look(alias);
  };
  for (const node of sortedNodes(tensors, known)) {
    const results = node.evaluate(node.inputs.map(look));
    for (const [i, output] of node.outputs.entries()) if (!known.has(output)) values.set(output, results[i]);
  }
  return tensors.map(look);
}
