/**
 * @file How the blocks of a transformer hear what went before: by softmax attention to what they remember of each step, or
 * by linear attention, whose memory is of one size.
 */
import { mul, slice } from "../graph/operators/index.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Rows } from "../nn/heads.ts";
import { MultiHeadAttention, type MultiHeadAttentionOptions } from "../nn/multi-head-attention.ts";
import type { ParameterScope } from "../nn/parameter.ts";
import { Retention, type RetentionOptions } from "../nn/retention.ts";
import { ConfigError } from "../util/errors.ts";
import type { State, StateSpec } from "./model.ts";
import { localSpan, type View, wholeSpan } from "./span.ts";

type StateSpecs = Readonly<Record<string, StateSpec>>;

/** One block's part. */
export interface BlockAttention<Window> {
  /** Steps `x [B · T, features]` → the same shape, and what the block remembers after them. */
  forward(
    x: Tensor,
    window: Window,
    remembered: State | undefined,
  ): { readonly output: Tensor; readonly state: State };
}

export interface Lookback<Window> {
  /** Longest window, where there is one. */
  readonly context: number | undefined;
  /** Of all blocks together. */
  readonly sharedState: StateSpecs;
  /** Of each block. */
  readonly blockState: StateSpecs;
  /** What blocks have to know of a window of tokens `[B, T]`; `before` has all shared states, and those of one block. */
  open(
    tokens: Tensor,
    rows: Rows,
    before: { readonly shared: State; readonly block: State } | undefined,
  ): { readonly window: Window; readonly sharedState: State };
  block(scope: ParameterScope, options: Pick<RetentionOptions, "initialiseOutput">): BlockAttention<Window>;
}

export interface LookbackSettings {
  readonly features: number;
  readonly heads: number;
  readonly queryKeyNorm: boolean;
  readonly positions: "rotary" | "relative";
  readonly context?: number | undefined;
  readonly reach?: number | undefined;
}

interface SoftmaxWindow {
  readonly rows: Rows;
  readonly view: View;
}

/** @throws ConfigError for both a reach and a context */
export function softmaxLookback(settings: LookbackSettings): Lookback<SoftmaxWindow> {
  const { features, heads, queryKeyNorm, positions, reach } = settings;
  if (reach !== undefined && settings.context !== undefined) {
    throw new ConfigError(
      `model transformer: found a context of ${settings.context} beside a reach of ${reach}, expected one of them: leave out the context, for with a reach windows have any length`,
      ["context"],
    );
  }
  const options = { headSize: features / heads, positions };
  const span = reach === undefined ? wholeSpan(settings.context ?? 2048, options) : localSpan(reach, options);
  const cache: StateSpec = {
    type: "float32",
    shape: ["batch", heads, "past", options.headSize],
    update: span.update,
  };
  const layerOptions: MultiHeadAttentionOptions = {
    features,
    heads,
    queryKeyNorm,
    distances: positions === "relative" ? span.distances : undefined,
  };
  return {
    context: span.context,
    sharedState: { position: { type: "int32", shape: ["batch", 1], update: "replace" } },
    blockState: { keys: cache, values: cache },
    open(tokens, rows, before) {
      const { position } = before?.shared ?? {};
      const { keys } = before?.block ?? {};
      const beginning = mul(slice(tokens, 1, 0, 1), 0);
      return {
        window: { rows, view: span.view(rows.steps, position && keys && { position, keys }) },
        sharedState: { position: span.advance(position ?? beginning, rows.steps) },
      };
    },
    block(scope, more) {
      const layer = new MultiHeadAttention(scope, { ...layerOptions, ...more });
      return {
        forward(x, { rows, view }, remembered) {
          const attention = view.attention(remembered && cacheOf(remembered));
          const { output, keys, values } = layer.forward(x, rows, view.places, attention);
          return { output, state: { keys, values } };
        },
      };
    },
  };
}

const cacheOf = ({ keys, values }: State) => ({ keys, values });

/** @throws ConfigError for a limit to how far it hears, and for relative positions */
export function linearLookback(settings: LookbackSettings): Lookback<Rows> {
  const { features, heads, queryKeyNorm, positions } = settings;
  for (const limit of ["reach", "context"] as const) {
    if (settings[limit] === undefined) continue;
    throw new ConfigError(
      `model transformer: found a ${limit} of ${settings[limit]} beside linear attention, expected none: leave it out, for linear attention hears all that went before, in windows of any length`,
      [limit],
    );
  }
  if (positions === "relative") {
    throw new ConfigError(
      "model transformer: found relative positions beside linear attention, expected rotary ones: leave them out, or take softmax attention",
      ["positions"],
    );
  }
  const size = features / heads;
  return {
    context: undefined,
    sharedState: {},
    blockState: {
      memory: { type: "float32", shape: ["batch", heads, size, size], update: "replace" },
    },
    open: (_, rows) => ({ window: rows, sharedState: {} }),
    block(scope, more) {
      const layer = new Retention(scope, { features, heads, queryKeyNorm, ...more });
      return {
        forward(x, rows, remembered) {
          const { memory: before } = remembered ?? {};
          const { output, memory } = layer.forward(x, rows, before);
          return { output, state: { memory } };
        },
      };
    },
  };
}
