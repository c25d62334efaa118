/** @file Reverse mode: from a scalar to what it depends on, as a walk from graph to graph. */
import { add } from "./operators/arithmetic.ts";
import { floatType, ShapeError } from "./shape.ts";
import { constant, isFloat, type Tensor } from "./tensor.ts";
import { dependentsOf, differentiableNodes } from "./walk.ts";

/**
 * What flows back from outputs to targets, each target's share left in the parts it arrived in: one for every use.
 *
 * @param cotangents one per output; undefined where nothing flows
 * @param options whether targets are taken for independent of each other: nothing flows on from one
 */
export function pullback(
  outputs: readonly Tensor[],
  cotangents: readonly (Tensor | undefined)[],
  targets: readonly Tensor[],
  options: { readonly stopAtTargets?: boolean } = {},
): readonly (readonly Tensor[])[] {
  const parts = new Map<Tensor, Tensor[]>();
  const flow = (tensor: Tensor, part: Tensor | undefined) => {
    if (part === undefined || !isFloat(tensor.type)) return;
    const list = parts.get(tensor);
    if (list === undefined) parts.set(tensor, [part]);
    else list.push(part);
  };
  for (const [i, output] of outputs.entries()) flow(output, cotangents[i]);
  const last = new Set(options.stopAtTargets ? targets : []);
  const dependent = dependentsOf(targets, outputs, last);
  const end = { has: (tensor: Tensor) => last.has(tensor) || !dependent.has(tensor) };
  for (const node of differentiableNodes(outputs, end).toReversed()) {
    const flowing = node.outputs.map((output) => sumOf(parts.get(output) ?? []));
    if (flowing.every((each) => each === undefined)) continue;
    const back = node.gradient(flowing);
    node.inputs.forEach((tensor, i) => {
      if (dependent.has(tensor)) flow(tensor, back[i]);
    });
  }
  return targets.map((target) => parts.get(target) ?? []);
}

export function sumOf(parts: readonly Tensor[]): Tensor | undefined {
  return parts.length === 0 ? undefined : parts.slice(1).reduce((sum, part) => add(sum, part), parts[0]);
}

/**
 * The gradient of a scalar with respect to tensors, each of that tensor's shape. Sizes on the way have to be numbers.
 *
 * @throws ShapeError where `loss` is no scalar, or does not depend on a target in a way that can be derived
 */
export function gradient(loss: Tensor, targets: readonly Tensor[]): readonly Tensor[] {
  return derive(loss, targets, () => "");
}

/**
 * The same for tensors by name: of a model's parameters, say.
 *
 * @throws ShapeError as above, with the target's name
 */
export function gradients(
  loss: Tensor,
  targets: Readonly<Record<string, Tensor>>,
): Readonly<Record<string, Tensor>> {
  const names = Object.keys(targets);
  const derived = derive(loss, Object.values(targets), (i) => ` instead of "${names[i]}"`);
  return Object.fromEntries(names.map((name, i) => [name, derived[i]]));
}

function derive(
  loss: Tensor,
  targets: readonly Tensor[],
  describe: (target: number) => string,
): readonly Tensor[] {
  if (loss.shape.length !== 0) throw new ShapeError("gradient", "a scalar", [loss.shape]);
  const parts = pullback([loss], [constant(1, { type: floatType("gradient", loss) })], targets);
  return targets.map((target, i) => {
    const sum = sumOf(parts[i]);
    if (sum !== undefined) return sum;
    throw new ShapeError("gradient", `a tensor that the loss depends on${describe(i)}`, [target.shape]);
  });
}
