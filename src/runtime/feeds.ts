/** @file Parameters as feeds, and gradients as what comes back: the names by which training graphs speak. */
import type { Tensor } from "../graph/tensor.ts";
import type { NamedArray, Parameters } from "../util/parameters.ts";
import { type NamedTensors, RuntimeError, type TensorData } from "./session.ts";

/** Parameters as a session is fed with them. The arrays are shared, not copied. */
export function parameterFeeds(parameters: Parameters): NamedTensors {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, data }]): [string, TensorData] => [
      name,
      { type: "float32", shape, data },
    ]),
  );
}

const prefix = "gradient.";

/** Outputs of a training graph, from gradients by the parameter's name. */
export function gradientOutputs(
  gradients: Readonly<Record<string, Tensor>>,
): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(Object.entries(gradients).map(([name, tensor]) => [prefix + name, tensor]));
}

/** Gradients by the parameter's name, from what a training graph has answered. */
export function gradientsFrom(results: NamedTensors): Parameters {
  return Object.fromEntries(
    Object.entries(results).flatMap(([name, tensor]): [string, NamedArray][] => {
      if (!name.startsWith(prefix)) return [];
      return [[name.slice(prefix.length), floats(tensor, name)]];
    }),
  );
}

/** A tensor of float32, as named arrays are. */
function floats(tensor: TensorData, name: string): NamedArray {
  if (tensor.type === "float32") return { shape: tensor.shape, data: tensor.data };
  throw new RuntimeError(
    `"${name}" came back as ${tensor.type}, expected float32: derive by float32 parameters alone`,
  );
}

/** The one number of a scalar. */
export function scalarOf(results: NamedTensors, name: string): number {
  const tensor = results[name];
  if (tensor?.data.length === 1) return Number(tensor.data[0]);
  throw new RuntimeError(`"${name}" did not come back as one number, expected a scalar output of that name`);
}
