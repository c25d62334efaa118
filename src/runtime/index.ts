/** @module Runtimes: what executes graphs. The contract, the reference interpreter, and what is common to all. */
export { gradientOutputs, gradientsFrom, parameterFeeds, scalarOf } from "./feeds.ts";
export { createInterpreter } from "./interpreter.ts";
export { type MeasureOptions, measureProduct, type Product } from "./measure.ts";
export { findNonFinite, type NonFinite } from "./non-finite.ts";
export {
  FeedError,
  type NamedTensors,
  type Runtime,
  RuntimeError,
  type Session,
  type SessionOptions,
  type TensorData,
} from "./session.ts";
