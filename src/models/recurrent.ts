/** @file What recurrent models share: a stack of layers over tokens and controls, dropout between them, logits on top. */
import { z } from "zod";
import { add, concat, reshape, transpose, zeros } from "../graph/operators/index.ts";
import type { Tensor } from "../graph/tensor.ts";
import { dropout } from "../nn/dropout.ts";
import { Linear } from "../nn/linear.ts";
import { ParameterScope } from "../nn/parameter.ts";
import type { RecurrentInput, RecurrentSizes } from "../nn/recurrent-input.ts";
import { invariant } from "../util/errors.ts";
import {
  commonConfig,
  type ForwardInput,
  type Model,
  type State,
  type StateSpec,
  type StepInput,
} from "./model.ts";
import { categorical, factored, type Outcome } from "./outcome.ts";
import { type Reading, type TokenConfig, tokenConfig, tokenReading } from "./token-features.ts";

/** One layer of any kind: its states by name, each `[B, hiddenSize]`, the first of which is its output. */
export interface RecurrentLayer {
  step(input: RecurrentInput, states: readonly Tensor[]): readonly Tensor[];
  forward(
    input: RecurrentInput,
    states: readonly Tensor[],
  ): { readonly outputs: Tensor; readonly states: readonly Tensor[] };
}

/** What every recurrent model is told beside what all models are. */
export const recurrentConfig = {
  ...commonConfig,
  ...tokenConfig,
  layers: z.int().min(1).default(3).describe("number of layers"),
  hiddenSize: z.int().min(1).default(512).describe("size of each layer's state"),
};

export interface RecurrentConfig extends TokenConfig {
  readonly dropout: number;
  readonly layers: number;
  readonly hiddenSize: number;
}

export interface RecurrentOptions extends Pick<RecurrentSizes, "featureGain"> {
  /** Tokens as the configuration says, unless given. */
  readonly reading?: Reading;
  /** One softmax over the vocabulary, or one for each field, unless given. */
  readonly outcome?: Outcome;
  /** What predictions are counted from: added to them, out of the step that was heard. `[…]` or `[…, fields]` → `[…, size]` */
  readonly heard?: (tokens: Tensor) => Tensor;
}

const outcomeOf = ({ fields, vocabularySize }: TokenConfig): Outcome =>
  fields ? factored(fields) : categorical(vocabularySize);

export function createRecurrent(
  config: RecurrentConfig,
  stateNames: readonly string[],
  createLayer: (scope: ParameterScope, sizes: RecurrentSizes) => RecurrentLayer,
  { featureGain = 1, reading: given, outcome = outcomeOf(config), heard }: RecurrentOptions = {},
): Omit<Model, "name" | "config"> {
  const { vocabularySize, controls, hiddenSize, layers: count } = config;
  const scope = ParameterScope.root();
  const reading = given ?? tokenReading(scope, config);
  const { classes, features, squares } = reading;
  const width = features + controls;
  const layers = Array.from({ length: count }, (_, i) =>
    createLayer(
      scope.child("layers").child(i),
      i === 0
        ? { classes, features: width, hiddenSize, featureGain: squares ? Math.sqrt(width / squares) : 1 }
        : { features: hiddenSize, hiddenSize, featureGain },
    ),
  );
  const output = new Linear(scope.child("output"), { inFeatures: hiddenSize, outFeatures: outcome.size });
  const spec: StateSpec = { type: "float32", shape: ["batch", hiddenSize], update: "replace" };
  const nameOf = (layer: number, name: string) => `layers.${layer}.${name}`;
  const statesOf = (state: State, layer: number) => stateNames.map((name) => state[nameOf(layer, name)]);
  const named = (layer: number, states: readonly Tensor[]) =>
    stateNames.map((name, i) => [nameOf(layer, name), states[i]] as const);

  /** What the first layer reads of tokens and what is said about those that follow. */
  function inputOf(tokens: Tensor, conditions: Tensor | undefined): RecurrentInput {
    const { classes, features } = reading.read(tokens);
    const both =
      features && conditions ? concat([features, conditions], features.shape.length - 1) : undefined;
    return { classes, features: both ?? features ?? conditions };
  }

  const counted = (predictions: Tensor, tokens: Tensor) =>
    heard ? add(predictions, heard(tokens)) : predictions;

  /** Through all layers, the first of which reads the tokens. */
  function run(
    first: RecurrentInput,
    advance: (
      layer: RecurrentLayer,
      index: number,
      input: RecurrentInput,
    ) => readonly [Tensor, readonly Tensor[]],
    between: (x: Tensor, index: number) => Tensor = (x) => x,
  ): { readonly top: Tensor; readonly state: State } {
    const state: (readonly [string, Tensor])[] = [];
    let input = first;
    for (const [index, layer] of layers.entries()) {
      const [outputs, states] = advance(layer, index, input);
      state.push(...named(index, states));
      input = { features: between(outputs, index) };
    }
    invariant(input.features, "there is at least one layer");
    return { top: input.features, state: Object.fromEntries(state) };
  }

  return {
    vocabularySize,
    outcome,
    controls,
    context: undefined,
    parameters: scope.specs(),
    tensors: scope.tensors(),
    state: Object.fromEntries(layers.flatMap((_, i) => stateNames.map((name) => [nameOf(i, name), spec]))),
    forward({ tokens, controls: conditions, state, dropoutSeed: seed }: ForwardInput) {
      const [batch, steps] = tokens.shape;
      const begin = () => stateNames.map(() => zeros({ type: "float32", shape: [batch, hiddenSize] }));
      // Time first, for the loops walk along the first axis.
      const first = inputOf(
        transpose(tokens, tokens.shape.length === 2 ? [1, 0] : [1, 0, 2]),
        conditions && transpose(conditions, [1, 0, 2]),
      );
      const { top, state: after } = run(
        first,
        (layer, index, input) => {
          const { outputs, states } = layer.forward(input, state ? statesOf(state, index) : begin());
          return [outputs, states];
        },
        (x, place) => (seed ? dropout(x, { rate: config.dropout, seed, place }) : x),
      ); // top: [T, B, hidden]
      const rows = reshape(top, [Number(steps) * Number(batch), hiddenSize]);
      const logits = reshape(output.forward(rows), [steps, batch, outcome.size]);
      return { logits: counted(transpose(logits, [1, 0, 2]), tokens), state: after };
    },
    step({ tokens, controls: conditions }: StepInput, state: State) {
      const { top, state: after } = run(inputOf(tokens, conditions), (layer, index, input) => {
        const states = layer.step(input, statesOf(state, index));
        return [states[0], states];
      });
      return { logits: counted(output.forward(top), tokens), state: after };
    },
  };
}
