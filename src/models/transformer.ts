/**
 * @file A decoder-only Transformer (Vaswani et al. 2017) as it is built today: RMSNorm before each part, SwiGLU, no biases;
 * positions are rotary, or relative as Music Transformer's (Huang et al. 2018); attention is that of softmax, or linear.
 */
import { z } from "zod";
import { add, matmul, reshape } from "../graph/operators/index.ts";
import { ShapeError } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { dropout } from "../nn/dropout.ts";
import { Embedding } from "../nn/embedding.ts";
import { SwiGlu } from "../nn/feed-forward.ts";
import { normal } from "../nn/initialiser.ts";
import { Linear } from "../nn/linear.ts";
import { RmsNorm } from "../nn/norm.ts";
import { ParameterScope } from "../nn/parameter.ts";
import { ConfigError } from "../util/errors.ts";
import { type BlockAttention, type Lookback, linearLookback, softmaxLookback } from "./lookback.ts";
import {
  commonConfig,
  defineModel,
  type ForwardInput,
  type Prediction,
  type State,
  type StateSpec,
} from "./model.ts";
import { categorical } from "./outcome.ts";

const config = z.object({
  ...commonConfig,
  layers: z.int().min(1).default(6).describe("number of blocks"),
  features: z.int().min(2).default(512).describe("width of the residual stream"),
  heads: z.int().min(1).default(8).describe("attention heads; each is features / heads wide, an even number"),
  hiddenSize: z
    .int()
    .min(1)
    .optional()
    .describe("width inside SwiGLU; 8/3 of features, in steps of 64, unless given"),
  context: z
    .int()
    .min(2)
    .optional()
    .describe("longest window, in tokens; 2048 unless given, and any length with a reach"),
  reach: z
    .int()
    .min(1)
    .optional()
    .describe("how many earlier steps each layer looks back; to the beginning unless given"),
  attention: z
    .enum(["softmax", "linear"])
    .default("softmax")
    .describe(
      "linear: a memory of one size, for windows and pieces of any length at a cost that grows with it",
    ),
  positions: z
    .enum(["rotary", "relative"])
    .default("rotary")
    .describe("relative: a vector learnt for each distance, as Music Transformer has it"),
  controlsInto: z
    .enum(["input", "blocks"])
    .default("input")
    .describe("where controls are added: once, beside the tokens, or before every block anew"),
  queryKeyNorm: z.boolean().default(true).describe("normalise queries and keys"),
  tiedEmbedding: z.boolean().default(false).describe("one matrix for embedding and output"),
});

export const transformer = defineModel({
  name: "transformer",
  summary: "decoder-only transformer: sees its whole window, learns most from large corpora",
  config,
  create: (settings) =>
    settings.attention === "linear"
      ? createTransformer(settings, linearLookback)
      : createTransformer(settings, softmaxLookback),
});

type Settings = z.output<typeof config>;

interface Block<Window> {
  /** Reads the controls once more. */
  readonly conditioning: Linear | undefined;
  readonly attentionNorm: RmsNorm;
  readonly attention: BlockAttention<Window>;
  readonly feedForwardNorm: RmsNorm;
  readonly feedForward: SwiGlu;
}

function createTransformer<Window>(
  settings: Settings,
  createLookback: (settings: Settings) => Lookback<Window>,
) {
  const { vocabularySize, controls, layers, features, heads } = settings;
  if ((features / heads) % 2 !== 0) {
    throw new ConfigError(
      `model transformer: found ${features} features for ${heads} heads, expected an even number of features for each head`,
      ["heads"],
    );
  }
  const hiddenSize = settings.hiddenSize ?? Math.max(64, Math.round((8 * features) / 3 / 64) * 64);
  const scope = ParameterScope.root();
  const lookback = createLookback(settings);
  const { context } = lookback;
  // What leads into the residual stream begins smaller, for there are two such ways per block (Radford et al. 2019).
  const inward = (size: number) => normal(1 / Math.sqrt(size * 2 * layers));
  const embedding = new Embedding(scope.child("embedding"), { classes: vocabularySize, features });
  const conditioningOf = (owner: ParameterScope) =>
    controls > 0
      ? new Linear(owner.child("conditioning"), {
          inFeatures: controls,
          outFeatures: features,
          useBias: false,
        })
      : undefined;
  const conditioning = conditioningOf(scope);
  const blocks = Array.from({ length: layers }, (_, i): Block<Window> => {
    const own = scope.child("blocks").child(i);
    return {
      conditioning: settings.controlsInto === "blocks" && i > 0 ? conditioningOf(own) : undefined,
      attentionNorm: new RmsNorm(own.child("attention.norm"), { features }),
      attention: lookback.block(own.child("attention"), { initialiseOutput: inward(features) }),
      feedForwardNorm: new RmsNorm(own.child("feed-forward.norm"), { features }),
      feedForward: new SwiGlu(own.child("feed-forward"), {
        features,
        hiddenSize,
        initialiseDown: inward(hiddenSize),
      }),
    };
  });
  const norm = new RmsNorm(scope.child("norm"), { features });
  const output = settings.tiedEmbedding
    ? undefined
    : new Linear(scope.child("output"), {
        inFeatures: features,
        outFeatures: vocabularySize,
        useBias: false,
      });

  const blockStates = Object.keys(lookback.blockState);
  const nameOf = (block: number, name: string) => `blocks.${block}.${name}`;
  const stateSpecs: Record<string, StateSpec> = {
    ...lookback.sharedState,
    ...Object.fromEntries(
      blocks.flatMap((_, i) =>
        Object.entries(lookback.blockState).map(([name, spec]) => [nameOf(i, name), spec]),
      ),
    ),
  };
  const stateOf = (state: State, block: number): State =>
    Object.fromEntries(blockStates.map((name) => [name, state[nameOf(block, name)]]));

  /** Tokens `[B, T]`, no more than a context allows; with a state, the first of them stands at its `position`. */
  function forward({ tokens, controls: conditions, state, dropoutSeed: seed }: ForwardInput): Prediction {
    const [batch] = tokens.shape;
    const steps = Number(tokens.shape[1]);
    if (tokens.shape.length !== 2 || !(steps <= (context ?? Number.POSITIVE_INFINITY))) {
      const most = context === undefined ? "as many steps as there are" : `at most ${context} steps`;
      throw new ShapeError("transformer", `[batch, steps] of ${most}`, [tokens.shape]);
    }
    const shape = { batch, steps };
    // Sequence by sequence in one matrix: products and sums of rows know nothing of time.
    const rows = steps === 1 ? batch : typeof batch === "number" ? batch * steps : `${batch} * ${steps}`;
    const asRows = (x: Tensor, width: number) => reshape(x, [rows, width]);
    const drop = (x: Tensor, place: number) =>
      seed ? dropout(x, { rate: settings.dropout, seed, place }) : x;
    const { window, sharedState } = lookback.open(
      tokens,
      shape,
      state && { shared: state, block: stateOf(state, 0) },
    );
    const told = conditions && asRows(conditions, controls);
    const tell = (x: Tensor, reader: Linear | undefined) =>
      reader && told ? add(x, reader.forward(told)) : x;
    let x = drop(tell(embedding.forward(reshape(tokens, [rows])), conditioning), 0); // [B · T, features]
    const after: Record<string, Tensor> = { ...sharedState };
    for (const [i, block] of blocks.entries()) {
      x = tell(x, block.conditioning);
      const normal = block.attentionNorm.forward(x);
      const { output, state: own } = block.attention.forward(normal, window, state && stateOf(state, i));
      for (const name of blockStates) after[nameOf(i, name)] = own[name];
      x = add(x, drop(output, 2 * i + 1));
      x = add(x, drop(block.feedForward.forward(block.feedForwardNorm.forward(x)), 2 * i + 2));
    }
    const top = norm.forward(x);
    const logits = output ? output.forward(top) : matmul(top, embedding.weight, { transposeB: true });
    return { logits: reshape(logits, [batch, steps, vocabularySize]), state: after };
  }

  return {
    config: { ...settings, hiddenSize, ...(context === undefined ? {} : { context }) },
    vocabularySize,
    outcome: categorical(vocabularySize),
    controls,
    context,
    parameters: scope.specs(),
    tensors: scope.tensors(),
    state: stateSpecs,
    forward,
    step(
      { tokens, controls: conditions }: { tokens: Tensor; controls?: Tensor | undefined },
      state: State,
    ): Prediction {
      const [batch] = tokens.shape;
      const { logits, state: after } = forward({
        tokens: reshape(tokens, [batch, 1]),
        controls: conditions && reshape(conditions, [batch, 1, controls]),
        state,
      });
      return { logits: reshape(logits, [batch, vocabularySize]), state: after };
    },
  };
}
