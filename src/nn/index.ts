/** @module Layers: each declares its parameters when it is made, and is a function of tensors from then on. */

export { countParameters, type NamedArray, type Parameters } from "../util/parameters.ts";
export { type AttentionOptions, attend } from "./attention.ts";
export { type DropoutOptions, dropout } from "./dropout.ts";
export { Embedding } from "./embedding.ts";
export { SwiGlu } from "./feed-forward.ts";
export { Gru } from "./gru.ts";
export { joinHeads, type Rows, splitHeads } from "./heads.ts";
export { constantly, glorotUniform, type Initialiser, lecunUniform, normal, uniform } from "./initialiser.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export { attendLocally, type LocalPattern, localPattern } from "./local-attention.ts";
export { LogisticMixture } from "./logistic-mixture.ts";
export { crossEntropy, gaussian, type Head, squaredError, totalLoss, weightedMean } from "./loss.ts";
export { Lstm, type LstmOptions, type LstmState } from "./lstm.ts";
export {
  type Attention,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
  type Places,
} from "./multi-head-attention.ts";
export { LayerNorm, RmsNorm } from "./norm.ts";
export { initialise, ParameterScope, type ParameterSpec, type ParameterSpecs } from "./parameter.ts";
export type { RecurrentInput, RecurrentSizes } from "./recurrent-input.ts";
export { distanceScores } from "./relative.ts";
export { type Retained, type RetentionInput, retain } from "./retain.ts";
export { Retention, type RetentionOptions } from "./retention.ts";
export { circularTables, type RotaryTables, rotaryTables, rotate } from "./rotary.ts";
