/** @file Binding: inputs of a model become part of it. */
import type { Model } from "../onnx/model.ts";
import { UsageError } from "../util/errors.ts";
import type { Parameters } from "../util/parameters.ts";

/**
 * The model with these inputs as constants: a file that needs nothing beside it, and one that a runtime may prepare for
 * speed. Bytes are shared with the arrays.
 *
 * @throws UsageError for a shape other than the input's. Parameters that are no inputs are left out.
 */
export function bindParameters(model: Model, parameters: Parameters): Model {
  const { graph } = model;
  const bound = graph.inputs.flatMap((input) => {
    if (!Object.hasOwn(parameters, input.name)) return [];
    const { shape, data } = parameters[input.name];
    if (input.type !== "float32" || shape.join() !== input.shape.join()) {
      throw new UsageError(
        `parameter "${input.name}" has shape [${shape.join(", ")}], expected ${input.type}[${input.shape.join(", ")}]: give the parameters of this model`,
      );
    }
    return [{ name: input.name, type: input.type, shape, bytes: littleEndian(data) }];
  });
  const names = new Set(bound.map(({ name }) => name));
  return {
    ...model,
    graph: {
      ...graph,
      inputs: graph.inputs.filter(({ name }) => !names.has(name)),
      constants: [...graph.constants, ...bound],
    },
  };
}

/** Every machine that runs JavaScript engines of today is little-endian; ONNX is so by specification. */
function littleEndian(data: Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
