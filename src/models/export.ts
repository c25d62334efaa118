/** @file Models as files that need nothing beside them: `step` and `forward`, weights inside. */
import { bindParameters } from "../graph/bind.ts";
import { describe } from "../graph/build.ts";
import { mergeProducts } from "../graph/merge-products.ts";
import { add, argMax, cast, mul, reshape, scan } from "../graph/operators/index.ts";
import { quantise } from "../graph/quantise.ts";
import { input, type Tensor } from "../graph/tensor.ts";
import type { Dimension, Model as OnnxModel } from "../onnx/model.ts";
import { UsageError } from "../util/errors.ts";
import type { Parameters } from "../util/parameters.ts";
import type { Model, State } from "./model.ts";
import { tokenShape } from "./outcome.ts";

/** int8: products of bytes, where weights are constant; see graph/quantise.ts. */
export type Precision = "float32" | "int8";

export interface ExportOptions {
  /** Sequences side by side; any number, unless given. */
  readonly batch?: number;
  readonly precision?: Precision;
  /** Added to what the file says of itself. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * One step: inputs `tokens` int32 `[batch]` (`[batch, fields]` where a step is several tokens), `controls` `[batch, controls]` where the model has them, and `state.<name>`;
 * outputs `logits` `[batch, vocabulary]`, those of all fields side by side, and `after.<name>`. What the states are, and what becomes of them, stands in the
 * file's metadata.
 *
 * @throws UsageError for parameters that are not the model's; so do the other exports
 */
export function exportStep(model: Model, parameters: Parameters, options: ExportOptions = {}): OnnxModel {
  const batch = options.batch ?? "batch";
  const tokens = input("tokens", "int32", tokenShape(model.outcome, [batch]));
  const controls = model.controls > 0 ? input("controls", "float32", [batch, model.controls]) : undefined;
  const state = stateInputs(model, batch);
  const { logits, state: after } = model.step({ tokens, controls }, state);
  const outputs = { logits: model.outcome.logits(logits), ...renamed("after", after) };
  const states = JSON.stringify(model.state);
  return finish(model, parameters, outputs, options, { "rubato.graph": "step", "rubato.state": states });
}

/**
 * A window: inputs `tokens` int32 `[batch, steps]`, and `controls` where the model has them; output `logits`
 * `[batch, steps, vocabulary]`. From the beginning, without states.
 */
export function exportForward(
  model: Model,
  parameters: Parameters,
  options: ExportOptions & { readonly batch: number; readonly steps: number },
): OnnxModel {
  const { batch, steps } = options;
  const tokens = input("tokens", "int32", tokenShape(model.outcome, [batch, steps]));
  const controls =
    model.controls > 0 ? input("controls", "float32", [batch, steps, model.controls]) : undefined;
  const { logits: predictions } = model.forward({ tokens, controls });
  const { size } = model.outcome;
  const all = model.outcome.logits(reshape(predictions, [batch * steps, size]));
  const logits = reshape(all, [batch, steps, model.vocabularySize]);
  return finish(model, parameters, { logits }, options, { "rubato.graph": "forward" });
}

/**
 * Several steps in one graph, each of which draws its token: inputs `tokens` int32 `[batch]`, `sharpness` (1 divided by
 * the temperature, a scalar), `noise` `[steps, batch, vocabulary]` of the standard Gumbel distribution, and
 * `state.<name>`; outputs `drawn` int32 `[steps, batch]` and `after.<name>`. The largest sum of a logit and Gumbel noise
 * is a draw from softmax (Gumbel 1954; Maddison et al. 2014). One call instead of many.
 *
 * @throws UsageError for models that are conditioned, whose steps are several tokens, or whose state grows
 */
export function exportSampling(
  model: Model,
  parameters: Parameters,
  options: ExportOptions & { readonly steps: number },
): OnnxModel {
  const batch = options.batch ?? "batch";
  const grows = Object.values(model.state).some(({ update }) => update !== "replace");
  const fields = model.outcome.fields > 1 ? `steps of ${model.outcome.fields} tokens` : undefined;
  if (grows || model.controls > 0 || fields) {
    throw new UsageError(
      `found model ${model.name} with ${fields ?? (grows ? "a state that grows" : "controls")}, expected one that hands on states of one size and hears single tokens alone: export its step instead`,
    );
  }
  const state = stateInputs(model, batch);
  const names = Object.keys(state);
  const sharpness = input("sharpness", "float32", []);
  const { states, outputs } = scan({
    states: [input("tokens", "int32", [batch]), ...Object.values(state)],
    sequences: [input("noise", "float32", [options.steps, batch, model.vocabularySize])],
    step: ([tokens, ...before], [noise]) => {
      const given = Object.fromEntries(names.map((name, i) => [name, before[i]]));
      const { logits, state: after } = model.step({ tokens }, given);
      const drawn = cast(argMax(add(mul(logits, sharpness), noise), 1), "int32");
      return { states: [drawn, ...names.map((name) => after[name])], outputs: [drawn] };
    },
  });
  const after = Object.fromEntries(names.map((name, i) => [name, states[i + 1]]));
  const answers = { drawn: outputs[0], ...renamed("after", after) };
  return finish(model, parameters, answers, options, { "rubato.graph": "sampling" });
}

/** The model's states as inputs of a graph, `state.<name>`. */
function stateInputs(model: Model, batch: Dimension): State {
  return Object.fromEntries(
    Object.entries(model.state).map(([name, { type, shape }]) => [
      name,
      input(
        `state.${name}`,
        type,
        shape.map((size) => (size === "batch" ? batch : size)),
      ),
    ]),
  );
}

const renamed = (prefix: string, tensors: Readonly<Record<string, Tensor>>) =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}.${name}`, tensor]));

function finish(
  model: Model,
  parameters: Parameters,
  outputs: Readonly<Record<string, Tensor>>,
  { precision = "float32", metadata = {} }: ExportOptions,
  about: Readonly<Record<string, string>>,
): OnnxModel {
  const missing = Object.keys(model.parameters).find((name) => !Object.hasOwn(parameters, name));
  if (missing !== undefined) {
    throw new UsageError(
      `found no parameter "${missing}", expected all of model ${model.name}: give the parameters of this model`,
    );
  }
  const { model: built, types } = describe(
    { outputs },
    {
      name: `rubato ${model.name}`,
      metadata: {
        "rubato.model": model.name,
        "rubato.configuration": JSON.stringify(model.config),
        ...about,
        ...metadata,
      },
    },
  );
  const bound = mergeProducts(bindParameters(built, parameters), types);
  return precision === "int8" ? quantise(bound) : bound;
}
