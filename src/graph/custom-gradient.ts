/** @file A gradient of one's own, for a piece of graph whose derivative can be written with less work than follows from its parts. */
import { invariant } from "../util/errors.ts";
import { nothing } from "./encoding.ts";
import type { Node, Tensor } from "./tensor.ts";

/**
 * The same tensors under other names, through which gradients flow as they are told to. Neither files nor runtimes
 * know of it.
 *
 * @param inputs what gradients flow to
 * @param outputs what was computed from the inputs
 * @param back what flows to each input, given what flows to each output (undefined where nothing does)
 * @param sumOverSteps see {@link Node.sumOverSteps}; it is given the inputs
 */
export function customGradient(
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  back: (cotangents: readonly (Tensor | undefined)[]) => readonly (Tensor | undefined)[],
  sumOverSteps: Node["sumOverSteps"] = () => undefined,
): readonly Tensor[] {
  const renamed: Tensor[] = [];
  const node: Node = {
    operator: "CustomGradient",
    domain: "",
    inputs: [...inputs, ...outputs],
    outputs: renamed,
    encoding: nothing,
    aliases: outputs,
    evaluate: (numbers) => numbers.slice(inputs.length),
    gradient(cotangents) {
      const parts = back(cotangents);
      invariant(parts.length === inputs.length, "a gradient of one's own has one entry per input");
      return [...parts, ...outputs.map(() => undefined)];
    },
    sumOverSteps: (steps) => sumOverSteps(steps.slice(0, inputs.length)),
  };
  for (const [output, { type, shape }] of outputs.entries()) {
    renamed.push({ type, shape, origin: { kind: "node", node, output } });
  }
  return renamed;
}
